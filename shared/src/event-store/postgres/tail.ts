import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import type { Position, RecordedEvent } from '../../kernel/event.ts';
import type { LogBatch, ReadAllOptions } from '../port.ts';

export type ReadAll = (options: ReadAllOptions) => Promise<LogBatch>;

export interface TailOptions {
  readonly readAll: ReadAll;
  /** A read that would begin sooner after the last one waits, so that it is worth what it sets in motion. */
  readonly gatherMs: number;
  /** Of the newest events, so many are kept and read at once. */
  readonly size?: number;
}

/**
 * The newest part of the log, read once for all who follow it in this process: a dozen consumers that wake at the
 * same append cost the database one look. Who is further behind reads by itself until it has come near.
 *
 * Everybody gets the same event objects, and nobody may write to them.
 */
export function createTail({ readAll, gatherMs, size = 500 }: TailOptions): ReadAll {
  let events: readonly RecordedEvent[] = [];
  /** What is kept is everything after `begin` up to `end`; nothing before the first reader has come to the end. */
  let begin: Position | undefined;
  let end: Position = 0n;
  let lastBegun = Number.NEGATIVE_INFINITY;
  let running: Promise<unknown> = Promise.resolve();
  let waiting: Promise<boolean> | undefined;

  /** Reads on, and answers whether that was the end of the log. Shared by all who ask before it begins, never joined later. */
  function extend(): Promise<boolean> {
    waiting ??= running.then(gather).then(() => {
      waiting = undefined;
      const growing = grow();
      running = growing.catch(() => {});
      return growing;
    });
    return waiting;
  }

  async function gather(): Promise<void> {
    const leftMs = lastBegun + gatherMs - performance.now();
    await (leftMs > 0 ? delay(leftMs) : turn());
  }

  async function grow(): Promise<boolean> {
    lastBegun = performance.now();
    const batch = await readAll({ after: end, maxCount: size });
    const all = [...events, ...batch.events];
    const dropped = all.slice(0, Math.max(0, all.length - size));
    begin = dropped.at(-1)?.position ?? begin;
    events = all.slice(dropped.length);
    end = batch.position;
    return batch.caughtUp;
  }

  /** Everything kept after a position, as far as one batch goes. */
  function keptAfter({ after, maxCount, types }: ReadAllOptions): Omit<LogBatch, 'caughtUp'> & { all: boolean } {
    const picked: RecordedEvent[] = [];
    for (let at = firstAfter(events, after); at < events.length; at++) {
      const event = events[at]!;
      if (types && !types.includes(event.type)) continue;
      // There is one more than fits.
      if (picked.length === maxCount) return { events: picked, position: picked.at(-1)!.position, all: false };
      picked.push(event);
    }
    return { events: picked, position: end > after ? end : after, all: true };
  }

  return async (options) => {
    const reachedEnd = begin !== undefined && options.after >= end && (await extend());
    // Also where more has come while it waited than is kept: two looks may have gone by.
    if (begin === undefined || options.after < begin) {
      const batch = await readAll(options);
      if (batch.caughtUp && begin === undefined) begin = end = batch.position;
      return batch;
    }
    const { all, ...kept } = keptAfter(options);
    return { ...kept, caughtUp: reachedEnd && all && kept.position === end };
  };
}

/** Index of the first event after a position. */
function firstAfter(events: readonly RecordedEvent[], after: Position): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle]!.position > after) high = middle;
    else low = middle + 1;
  }
  return low;
}
