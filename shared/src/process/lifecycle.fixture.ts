import { setTimeout as pause } from 'node:timers/promises';
import { StartRefused } from '../kernel/start-refused.ts';
import { runProcess } from './lifecycle.ts';

/** A process for lifecycle.int.test.ts, in the mood that is named on its command line. */
const mood = process.argv[2];
const say = (line: string) => console.log(line);

await runProcess({
  closeTimeoutMs: 1_000,
  say,
  start: async (resources) => {
    say('opening');
    resources.defer(async () => say('closed first'));
    if (mood === 'refuse') throw new StartRefused('Set it to another.');
    if (mood === 'break') throw new Error('oops');
    resources.defer(async () => {
      if (mood === 'hang') await new Promise(() => {});
      if (mood === 'serve') await pause(50);
      say('closed second');
    });
    if (mood === 'slow start') await pause(500);
    const keepsRunning = setInterval(() => {}, 1_000);
    resources.defer(async () => clearInterval(keepsRunning));
    say('opened');
    return mood === 'fail' ? { failed: pause(50).then(() => new StartRefused('engine gone')) } : {};
  },
});
