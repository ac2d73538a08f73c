import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { leaseServer } from '@agentcal/shared/testing/server-lease';
import { createSummary } from './summary.ts';
import { buildTap } from './tap-build.ts';

/**
 * All tests, or those that the arguments name (they go to tap as they are): a Postgres for all of them to share, then
 * tap, then one closing line. Ends with another code than 0 unless everything passed.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const tapProgram = `${root}/node_modules/tap/dist/esm/run.mjs`;
const [lease] = await Promise.all([leaseServer(), buildTap(root, tapProgram)]);

// One more than there are cores: the longest tests mostly wait, for services to start and for locks to lapse.
const args = ['--reporter=tap', `--jobs=${availableParallelism() + 1}`, ...process.argv.slice(2)];
const tap = spawn(process.execPath, [tapProgram, ...args], {
  cwd: root,
  stdio: ['inherit', 'pipe', 'inherit'],
  // Every test file is a process, as is every service that one starts, and most load the same modules.
  env: {
    NODE_COMPILE_CACHE: `${root}/node_modules/.cache/compiled`,
    ...process.env,
    AGENTCAL_TEST_DATABASE_URL: lease.url,
  },
});
// Ctrl-C reaches tap as well, which ends; the database is ended after it.
process.on('SIGINT', () => {}).on('SIGTERM', () => tap.kill());

const summary = createSummary((line) => console.log(line));
createInterface({ input: tap.stdout }).on('line', summary.read);
const [code] = await once(tap, 'close');
await lease.release();

const { passed, failed } = summary.end(code === 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
