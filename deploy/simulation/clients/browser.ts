import type { Door } from '../processes/door.ts';
import type { Life } from '../world/life.ts';
import type { World } from '../world/line.ts';
import type { Answer, Asked } from './history.ts';

/** A place where a command process runs, one after the other. */
export interface Place {
  readonly name: string;
  readonly door: Door;
  life: Life;
}

/** Sends one request to whatever runs in a place. Answers `undefined` where nothing came back in time. */
export function send(
  { scheduler, random, faults }: World,
  place: Place,
  secretKey: string,
  { method, url, body, key }: Asked,
): Promise<Answer> {
  return new Promise((resolve) => {
    const timeoutMs = random.between(1_500, 15_000);
    const giveUp = scheduler.after(timeoutMs, () => resolve(undefined));
    scheduler.after(faults.latencyMs(random), () => {
      // Nothing listens where no process is; one that is paused takes it later.
      place.life.after(0, async () => {
        const { app } = place.door;
        const headers = { authorization: `Bearer ${secretKey}`, 'idempotency-key': key, 'request-id': key };
        const payload = body === undefined ? {} : { payload: body as object };
        scheduler.requests += 1;
        const answer = await app.inject({ method, url, headers, ...payload });
        scheduler.requests -= 1;
        scheduler.after(faults.latencyMs(random), () => {
          giveUp();
          resolve({ status: answer.statusCode, body: answer.json() });
        });
      });
    });
  });
}
