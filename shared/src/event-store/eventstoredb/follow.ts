import type { Position } from '../../kernel/event.ts';
import { followByReading } from '../follow.ts';
import type { FollowOptions, LogBatch, ReadAllOptions } from '../port.ts';
import { unlessAborted } from './patience.ts';
import type { Log } from './supervisor.ts';
import type { Subscribed, WakeUp } from './wake-up.ts';

export interface Following {
  readonly read: (options: ReadAllOptions) => Promise<LogBatch>;
  readonly wakeUp: WakeUp;
  readonly pollMs: number;
  readonly log: Log;
}

/** How long to leave a reader alone that does not see yet what was announced. */
const laggingMs = 10;

/**
 * Reads on and on: at the end of the log it waits to be woken, and looks again after `pollMs` anyway.
 *
 * The look is also the heartbeat. A server that hangs leaves it without an answer, which retires the
 * client, and with it the subscription that would have been silent for ever.
 */
export async function* follow(
  { read, wakeUp, pollMs, log }: Following,
  options: FollowOptions,
): AsyncGenerator<LogBatch, void, undefined> {
  const detach = wakeUp.attach();
  /** Was listening before the end of the log was last reached, so it must tell of everything since. */
  let witness: Subscribed | undefined;

  async function readAll(next: ReadAllOptions): Promise<LogBatch> {
    const listening = wakeUp.current();
    const batch = await unlessAborted(read(next), options.signal);
    if (!batch) return { events: [], position: next.after, caughtUp: false };
    const last = batch.events.at(-1);
    if (last && witness) expectNews(witness, last.position);
    if (batch.caughtUp) {
      witness = listening;
      if (listening && listening.announced > batch.position) setTimeout(wakeUp.doorbell.ring, laggingMs);
    }
    return batch;
  }

  /** The lag alarm: what a follower found, its subscription must have told of before long. */
  function expectNews(subscribed: Subscribed, position: Position): void {
    if (subscribed.announced >= position) return;
    const timer = setTimeout(() => {
      if (subscribed !== wakeUp.current() || subscribed.announced >= position) return;
      log.warn({ position: String(position) }, 'the subscription has fallen silent: subscribing again');
      subscribed.renew();
    }, pollMs);
    timer.unref();
  }

  try {
    yield* followByReading({ readAll, doorbell: wakeUp.doorbell, pollMs }, options);
  } finally {
    detach();
  }
}
