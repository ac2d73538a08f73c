import { type FollowOptions, type LogBatch, type ReadAllOptions, StoreUnavailable } from '../port.ts';
import { backOff, unlessAborted } from './patience.ts';
import type { WakeUp } from './wake-up.ts';

type Read = (options: ReadAllOptions) => Promise<LogBatch>;

/**
 * Reads on and on: at the end of the log it waits to be woken, and looks again after `pollMs` anyway.
 *
 * The look is also the heartbeat. A server that hangs leaves it without an answer, which retires the
 * client, and with it the subscription that would have been silent for ever.
 */
export async function* follow(
  read: Read,
  wakeUp: WakeUp,
  pollMs: number,
  { after, maxCount, types, signal }: FollowOptions,
): AsyncGenerator<LogBatch, void, undefined> {
  const detach = wakeUp.attach();
  try {
    let position = after;
    let told = false;
    for (let woken = true; !signal.aborted; ) {
      const batch = await readPatiently(read, { after: position, maxCount, ...(types && { types }) }, signal);
      if (!batch) return;
      const last = batch.events.at(-1);
      if (!woken && last) wakeUp.suspect(last.position);
      if (batch.position > position || !told) yield batch;
      position = batch.position;
      told = batch.caughtUp;
      woken = !batch.caughtUp || (await wakeUp.beyond(position, pollMs, signal));
    }
  } finally {
    detach();
  }
}

/** The next batch, however long the server is away. Nothing once the signal aborts. */
async function readPatiently(read: Read, options: ReadAllOptions, signal: AbortSignal): Promise<LogBatch | undefined> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      return await unlessAborted(read(options), signal);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await backOff(failures, signal);
    }
  }
  return undefined;
}
