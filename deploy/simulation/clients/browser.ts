import type { Door, Inside } from '../processes/door.ts';
import type { Life } from '../world/life.ts';
import type { World } from '../world/line.ts';
import type { Answer, Asked } from './history.ts';

/** A place where a command process runs, one after the other. */
export interface Place {
  readonly name: string;
  readonly door: Door;
  /** What runs there at the moment. */
  inside: Inside;
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
        const headers = { authorization: `Bearer ${secretKey}`, 'idempotency-key': key, 'request-id': key };
        const payload = body === undefined ? {} : { payload: body as object };
        const request = { method, url, headers, ...payload };
        const { status, body: told } = await place.door.inject(place.inside, scheduler.moving, request);
        scheduler.after(faults.latencyMs(random), () => {
          giveUp();
          resolve({ status, body: told as Record<string, unknown> });
        });
      });
    });
  });
}
