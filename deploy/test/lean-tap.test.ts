import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from 'tap';

t.test('this file is loaded as anything is: without source maps, and without options for whom it starts', async (t) => {
  t.equal((process as { sourceMapsEnabled?: boolean }).sourceMapsEnabled, false);
  t.equal(process.env.NODE_OPTIONS, undefined);
});

t.test('what nobody catches fails its file, also after an await', async (t) => {
  const preload = `--import=${new URL('lean-tap.ts', import.meta.url).href}`;
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const runs = (test: string) => {
    const program = `import t from 'tap'; t.test('one', async (t) => { t.pass(); ${test} });`;
    const { TAP: _, ...env } = process.env;
    return spawnSync(process.execPath, [preload, '--input-type=module', '-e', program], { cwd, env }).status;
  };
  t.equal(runs(''), 0);
  t.not(runs('await null; Promise.reject(new Error());'), 0);
  t.not(runs('await null; setTimeout(() => { throw new Error(); }, 20);'), 0);
});
