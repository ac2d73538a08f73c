import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Position } from '../../kernel/event.ts';
import { backOff, pause } from './patience.ts';
import { positionOf } from './records.ts';
import type { Log, Supervisor } from './supervisor.ts';

/**
 * Says when something was appended, and nothing else: what it was, readers read for themselves. So
 * nothing depends on this: a subscription that breaks, starts late or falls silent costs a moment.
 */
export interface WakeUp {
  /** Listens from now on. The answered function ends it; the subscription lasts while anyone listens. */
  attach(): () => void;
  /** Resolves to whether something beyond a position was announced, within a time. */
  beyond(position: Position, timeoutMs: number, signal: AbortSignal): Promise<boolean>;
  /** An event was found that nobody announced. If it still is not after a while, the subscription is renewed. */
  suspect(position: Position): void;
}

/** Events of ours. The server would tell of its own too, and of how far it searched, which nobody here asks. */
const ours = { filterOn: 'eventType', regex: '^[^$].*', checkpointInterval: 1_000 } as const;
/** How long to leave a reader alone that does not see yet what was announced. */
const laggingMs = 10;

export function createWakeUp(supervisor: Supervisor, log: Log, graceMs: number): WakeUp {
  const waiting = new Set<() => void>();
  let listeners = 0;
  let detached: AbortController | undefined;
  /** Ends the subscription that is confirmed, so that the next begins. */
  let renewal: AbortController | undefined;
  let announced: Position = 0n;

  function wake(position: Position = announced): void {
    if (position > announced) announced = position;
    for (const awake of waiting) awake();
  }

  /** One subscription after another, until nobody listens. What happened in between, the first sign of the next tells. */
  async function keepSubscribed(ended: AbortSignal): Promise<void> {
    for (let failures = 0; !ended.aborted; failures++) {
      const mine = new AbortController();
      const subscribed = supervisor.run((client, retired) => {
        const over = AbortSignal.any([ended, retired, mine.signal]);
        return subscribe(client, over, (position) => {
          failures = 0;
          renewal = mine;
          wake(position);
        });
      });
      await subscribed.catch(() => {}); // The supervisor has logged it.
      if (renewal === mine) renewal = undefined;
      await backOff(failures, ended);
    }
  }

  return {
    attach() {
      listeners += 1;
      if (listeners === 1) {
        detached = new AbortController();
        void keepSubscribed(detached.signal);
      }
      return () => {
        listeners -= 1;
        if (listeners === 0) detached?.abort();
      };
    },

    beyond(position, timeoutMs, signal) {
      if (announced > position) return pause(laggingMs, signal).then(() => true);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const awake = () => resolve(true);
      const asleep = () => resolve(false);
      const timer = setTimeout(asleep, timeoutMs);
      waiting.add(awake);
      signal.addEventListener('abort', asleep);
      if (signal.aborted) asleep();
      return promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(awake);
        signal.removeEventListener('abort', asleep);
      });
    },

    suspect(position) {
      const suspected = renewal;
      if (!suspected) return;
      const timer = setTimeout(() => {
        if (suspected !== renewal || announced >= position) return;
        log.warn({ position: String(position) }, 'the subscription has fallen silent: subscribing again');
        suspected.abort();
      }, graceMs);
      timer.unref();
    },
  };
}

/** From the end of the log on. `heard` is called at the confirmation, without a position, and at each event. */
function subscribe(client: EventStoreDBClient, over: AbortSignal, heard: (position?: Position) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const subscription = client.subscribeToAll({ fromPosition: 'end', filter: ours });
  subscription.on('confirmation', () => heard());
  subscription.on('data', (resolved) => heard(positionOf(resolved)));
  subscription.on('error', reject);
  subscription.on('end', resolve);
  const leave = () => {
    subscription.unsubscribe().catch(() => {});
    resolve();
  };
  over.addEventListener('abort', leave);
  if (over.aborted) leave();
  return promise.finally(() => over.removeEventListener('abort', leave));
}
