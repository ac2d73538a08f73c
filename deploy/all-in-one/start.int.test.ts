import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type Started, startProcess } from './process.fixture.ts';

/** Private, as a home directory is. */
const home = await mkdtemp(join(tmpdir(), 'all-in-one-'));
await chmod(home, 0o700);
t.teardown(() => rm(home, { recursive: true, force: true }));
const env = { AGENTCAL_DATA_DIR: join(home, 'data') };

// More than a dozen starts, on a machine that may be busy with other tests.
t.setTimeout(600_000);

let key = '';
let account = '';
let position = '';

t.test('the first start creates a test organization and prints its key on a line of its own', async (t) => {
  const first = start(t);
  const url = await first.url;
  key = /^sk_test_\w+$/m.exec(first.said())?.[0] ?? '';
  t.ok(key);
  const response = await call(url, '/v1/accounts', { method: 'POST', body: JSON.stringify({ name: 'Kept' }) });
  t.equal(response.status, 201);
  account = ((await response.json()) as { id: string }).id;
  position = response.headers.get('agentcal-position') ?? '';
  t.equal((await fetch(`${url}/health/ready`)).status, 200);

  const { code, tookMs } = await first.end('SIGINT');
  t.equal(code, 0);
  t.ok(tookMs < 5_000, `stopped in ${tookMs} ms`);
  t.equal((await readFile(join(home, 'data', 'test-key'), 'utf8')).trim(), key);
  t.equal((await stat(join(home, 'data'))).mode & 0o777, 0o700);
  for (const secret of ['test-key', 'vault.key']) {
    t.equal((await stat(join(home, 'data', secret))).mode & 0o777, 0o600, `${secret} is its owner's alone`);
  }
});

t.test('the next start finds everything, and says where the key is instead of showing it', async (t) => {
  const second = start(t);
  await isThere(t, second);
  t.notMatch(second.said(), key);
  t.match(second.said(), join(home, 'data', 'test-key'));

  await t.test('another on the same folder is refused with a sentence', async (t) => {
    await refused(t, startProcess(env), /in use by process \d+.*AGENTCAL_DATA_DIR/);
    await isThere(t, second);
  });

  await second.end('SIGKILL');
  const third = start(t);
  await isThere(t, third, 'after a kill -9 of the process');

  const postmaster = Number.parseInt(await readFile(join(home, 'data/postgres/cluster/postmaster.pid'), 'utf8'), 10);
  third.child.kill('SIGKILL');
  process.kill(postmaster, 'SIGKILL');
  await third.end();
  const fourth = start(t);
  await isThere(t, fourth, 'and after a kill -9 of everything');
  t.equal((await fourth.end('SIGTERM')).code, 0);
});

t.test('what stops a start says what to do, and nothing else', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  t.teardown(() => taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  await writeFile(join(home, 'file'), '');
  const elsewhere = { AGENTCAL_DATA_DIR: join(home, 'other') };
  const nowhere = 'postgres://user:hunter2@127.0.0.1:1/none';

  await refused(t, startProcess({ ...elsewhere, PORT: String(port) }), /^Port \d+ is in use.*PORT/);
  await refused(t, startProcess({ ...elsewhere, PORT: 'high' }), /^PORT is "high"/);
  await refused(t, startProcess({ ...elsewhere, HOST: '192.0.2.1' }), /^HOST is 192\.0\.2\.1, which is no address/);
  await refused(
    t,
    startProcess({ AGENTCAL_DATA_DIR: join(home, 'file', 'x') }),
    /cannot be written.*AGENTCAL_DATA_DIR/,
  );
  await refused(
    t,
    startProcess({ ...elsewhere, DATABASE_URL: nowhere }),
    /127\.0\.0\.1:1.*does not answer.*DATABASE_URL/s,
  );
});

t.test('root and an ordinary user can both start it', async (t) => {
  if (process.getuid?.() !== 0) return t.pass('this is the ordinary user: every test here has shown it');
  const nobody = { uid: 65534, gid: 65534 };
  const reads = spawnSync(process.execPath, ['-e', `fs.readFileSync(${JSON.stringify(import.meta.filename)})`], {
    ...nobody,
    cwd: '/',
  });
  if (reads.status !== 0) return t.pass('these files are in a private folder of root: nobody else can start them');
  const theirs = await mkdtemp(join(tmpdir(), 'all-in-one-user-'));
  t.teardown(() => rm(theirs, { recursive: true, force: true }));
  await chmod(theirs, 0o777);
  const started = startProcess({ AGENTCAL_DATA_DIR: join(theirs, 'data') }, nobody);
  t.teardown(() => started.end('SIGTERM'));
  await started.url;
  t.equal((await stat(join(theirs, 'data', 'vault.key'))).uid, nobody.uid);
  t.equal((await started.end('SIGTERM')).code, 0);

  const asRoot = startProcess({ AGENTCAL_DATA_DIR: join(theirs, 'data') });
  await asRoot.url;
  t.equal((await asRoot.end('SIGTERM')).code, 0, 'root can start on the folder of a user');
  const again = startProcess({ AGENTCAL_DATA_DIR: join(theirs, 'data') }, nobody);
  await again.url;
  t.equal((await again.end('SIGTERM')).code, 0, 'and the user after that');
});

function start(t: Test): Started {
  const started = startProcess(env);
  t.teardown(() => started.end('SIGTERM'));
  return started;
}

/** What was written before the first end. */
async function isThere(t: Test, { url }: Started, when = ''): Promise<void> {
  const response = await call(await url, `/v1/accounts/${account}`);
  t.match(await response.json(), { name: 'Kept' }, when);
}

/** Ends with 1, and all that it says are sentences: no stack, no secret. */
async function refused(t: Test, process: Started, sentence: RegExp): Promise<void> {
  const { code } = await process.end();
  t.equal(code, 1);
  t.match(process.said(), sentence);
  t.notMatch(process.said(), /\n {4}at |hunter2/);
}

function call(url: string, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${key}`,
      ...(init.body ? { 'content-type': 'application/json' } : { 'agentcal-min-position': position }),
    },
  });
}
