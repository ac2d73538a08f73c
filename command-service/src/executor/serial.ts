import { Refusal } from '@agentcal/shared/kernel/refusal';

/** Tasks of one key that may wait behind each other; more are refused at once. */
const maxWaiting = 2_000;

/**
 * Runs the tasks of one key one after another, those of different keys side by side.
 *
 * It spares commands on one hot stream the fight over its next revision. It is no lock: other processes write
 * too, and only the expected revision decides.
 */
export function createSerial(): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const lines = new Map<string, { last: Promise<unknown>; length: number }>();

  return (key, task) => {
    const line = lines.get(key) ?? { last: Promise.resolve(), length: 0 };
    if (line.length >= maxWaiting) throw new Refusal('too_much_contention', undefined, { retryAfterSeconds: 1 });
    lines.set(key, line);
    line.length += 1;
    const done = line.last.then(task).finally(() => {
      line.length -= 1;
      if (line.length === 0) lines.delete(key);
    });
    line.last = done.catch(() => undefined);
    return done;
  };
}
