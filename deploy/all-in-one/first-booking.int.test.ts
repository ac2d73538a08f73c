import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { startProcess } from './process.fixture.ts';

const run = promisify(execFile);

t.test('the lines that the first start prints make a booking when they are pasted into bash', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'first-booking-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const started = startProcess({ AGENTCAL_DATA_DIR: join(folder, 'data') });
  t.teardown(() => started.end('SIGTERM'));
  const key = /^sk_test_\w+$/m;
  const asked = await fetch(`${await started.url}/v1/accounts`, {
    headers: { authorization: `Bearer ${key.exec(started.said())}` },
  });
  t.match([asked.status, await asked.json()], [200, { data: [] }], 'ready, so the key can read');

  const pasted = started.said().slice(started.said().indexOf('KEY=')).split('\n\n')[0]!;
  const path = [dirname(process.execPath), process.env.PATH, await curlFolder(folder)].join(delimiter);
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', pasted], { env: { PATH: path }, cwd: folder });
  const lines = stdout.trim().split('\n');
  t.match(lines.slice(0, 4), [/^acct_/, /^user_/, /^evt_/, /^\d{4}-\d\d-\d\dT/]);
  t.match(JSON.parse(lines[4]!), { id: /^bkg_/, status: 'confirmed', start_time: lines[3], attendee: { name: 'Ada' } });

  t.equal((await started.end('SIGTERM')).code, 0);
});

/** A stand-in for machines without curl; last in the path, so that a real one is used where there is one. */
async function curlFolder(folder: string): Promise<string> {
  const program = `#!/usr/bin/env node
const args = process.argv.slice(2);
const valuesOf = (flag) => args.flatMap((arg, i) => (args[i - 1] === flag ? [arg] : []));
const url = args.find((arg) => arg.startsWith('http'));
const headers = valuesOf('-H').map((line) => line.split(/: (.*)/s).slice(0, 2));
const [body] = valuesOf('-d');
fetch(url, { headers, ...(body && { method: 'POST', body }) })
  .then((response) => response.text())
  .then((text) => process.stdout.write(text));
`;
  await writeFile(join(folder, 'curl'), program, { mode: 0o755 });
  return folder;
}
