import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { runProcess } from '@agentcal/shared/process/lifecycle';
import { openDataFolder } from './data-folder.ts';

/** `npm start`: everything in one process. Says what it is doing in plain lines; what it logs goes to stderr. */
const say = (line: string) => console.log(line);

await runProcess({
  closeTimeoutMs: 4_500,
  say,
  start: async (resources) => {
    // Compiled code is kept with the data, where no other user can write; it halves the time of a warm start.
    enableCompileCache(join(await openDataFolder(process.env.AGENTCAL_DATA_DIR || '.agentcal'), 'compile-cache'));
    const { readConfig } = await import('@agentcal/shared/process/config');
    const { startAllInOne } = await import('./app.ts');
    const app = await startAllInOne(readConfig(process.env), { say });
    resources.defer(app.close);
    const { greet } = await import('./greeting.ts');
    for (const line of greet(app)) say(line);
    // Written while nobody waits, so that it does not hold up the end.
    setTimeout(flushCompileCache, 1_000).unref();
    return { failed: app.failed };
  },
});
