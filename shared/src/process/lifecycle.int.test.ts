import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const fixture = fileURLToPath(import.meta.resolve('./lifecycle.fixture.ts'));

t.test('closes in reverse order on SIGTERM, and ends with 0', async (t) => {
  const { code, said } = await run('serve', 'SIGTERM');
  t.equal(code, 0);
  t.match(said, /opened.*closed second.*closed first/s);
});

t.test('closes on SIGINT too', async (t) => {
  t.equal((await run('serve', 'SIGINT')).code, 0);
});

t.test('a signal that arrives twice, as from npm, is one', async (t) => {
  const { code, said } = await run('serve', 'SIGINT', 'SIGINT');
  t.equal(code, 0);
  t.match(said, /closed first/);
});

t.test('a signal during the start waits for it, then closes', async (t) => {
  const { code, said } = await run('slow start', 'SIGTERM');
  t.equal(code, 0);
  t.match(said, /SIGTERM.*opened.*closed first/s);
});

t.test('a start that is refused says its sentence alone, closes what it had opened, and ends with 1', async (t) => {
  const { code, said } = await run('refuse');
  t.equal(code, 1);
  t.equal(said, 'opening\nSet it to another.\nclosed first\n');
});

t.test('a fault of ours shows its stack', async (t) => {
  const { code, said } = await run('break');
  t.equal(code, 1);
  t.match(said, /Error: oops.*lifecycle\.fixture\.ts/s);
});

t.test('a failure while serving closes and ends with 1', async (t) => {
  const { code, said } = await run('fail');
  t.equal(code, 1);
  t.match(said, /opened.*engine gone.*closed first/s);
});

t.test('what does not close does not keep the process', async (t) => {
  const { code, tookMs } = await run('hang', 'SIGTERM');
  t.equal(code, 1);
  t.ok(tookMs < 5_000, `${tookMs} ms`);
});

/** Runs the fixture in one of its moods, sends the signals once it is opening, and waits for the end. */
async function run(mood: string, ...signals: NodeJS.Signals[]) {
  const child = spawn(process.execPath, [fixture, mood], { stdio: ['ignore', 'pipe', 'inherit'] });
  const startedAt = Date.now();
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
    if (said.includes(mood === 'slow start' ? 'opening' : 'opened')) {
      for (const signal of signals.splice(0)) child.kill(signal);
    }
  });
  const [code] = await once(child, 'close');
  return { code, said, tookMs: Date.now() - startedAt };
}
