import type { Position } from '../kernel/event.ts';
import { realTiming, type Timing } from '../kernel/timing.ts';
import { type FollowOptions, type LogBatch, type ReadAllOptions, StoreUnavailable } from './port.ts';

/** Rung when something may have been appended. Whoever waits wakes; nobody waiting is fine too. */
export interface Doorbell {
  ring(): void;
  /** Resolves at the next ring. Ask before reading, so that a ring during the read is not missed. */
  next(): Promise<void>;
}

export function createDoorbell(): Doorbell {
  let bell = Promise.withResolvers<void>();
  return {
    next: () => bell.promise,
    ring() {
      bell.resolve();
      bell = Promise.withResolvers();
    },
  };
}

export interface Following {
  readonly readAll: (options: ReadAllOptions) => Promise<LogBatch>;
  readonly doorbell: Doorbell;
  /** Reads at least so often, for rings that never came. Without it only the doorbell counts. */
  readonly pollMs?: number;
  /** By default the real one. */
  readonly timing?: Timing;
}

/** Waits after a failure grow from here, up to a second. */
const firstRetryMs = 25;
const lastRetryMs = 1_000;

/**
 * Follows a log that can only be read: reads to the end, waits, reads on. A store that is unavailable is
 * asked again until it answers. Yields a batch when there is something to tell: events, progress over
 * events of other types, or that the end has been reached.
 */
export async function* followByReading(
  { readAll, doorbell, pollMs, timing = realTiming }: Following,
  { after, maxCount, types, signal }: FollowOptions,
): AsyncGenerator<LogBatch> {
  let position: Position = after;
  let toldEnd = false;
  let retryMs = firstRetryMs;
  while (!signal.aborted) {
    const rung = doorbell.next();
    let batch: LogBatch;
    try {
      batch = await readAll({ after: position, maxCount, ...(types && { types }) });
      retryMs = firstRetryMs;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await pause(timing, signal, retryMs);
      retryMs = Math.min(retryMs * 2, lastRetryMs);
      continue;
    }
    if (signal.aborted) return;
    if (batch.position !== position || (batch.caughtUp && !toldEnd)) yield batch;
    position = batch.position;
    toldEnd = batch.caughtUp;
    if (batch.caughtUp) await pause(timing, signal, pollMs, rung);
  }
}

/** Resolves after a time, at a ring, or when the signal aborts; leaves neither timer nor listener behind. */
async function pause(
  { after }: Timing,
  signal: AbortSignal,
  ms: number | undefined,
  rung?: Promise<void>,
): Promise<void> {
  if (signal.aborted) return;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  const callOff = ms === undefined ? undefined : after(ms, end);
  signal.addEventListener('abort', end);
  await (rung ? Promise.race([over, rung]) : over);
  signal.removeEventListener('abort', end);
  callOff?.();
}
