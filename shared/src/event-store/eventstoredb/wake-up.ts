import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Position } from '../../kernel/event.ts';
import { createDoorbell, type Doorbell } from '../follow.ts';
import { backOff } from './patience.ts';
import { positionOf } from './records.ts';
import type { Supervisor } from './supervisor.ts';

/**
 * Rings when something was appended. What it was, readers read for themselves, so nothing hangs on
 * this: a subscription that breaks, starts late or falls silent costs a moment.
 */
export interface WakeUp {
  readonly doorbell: Doorbell;
  /** The subscription that listens at present, once it is confirmed. */
  current(): Subscribed | undefined;
  /** Listens from now on. The answered function ends it; the subscription lasts while anyone listens. */
  attach(): () => void;
}

export interface Subscribed {
  /** The highest position that it has told of. */
  announced: Position;
  /** Gives it up for another. */
  renew(): void;
}

/** Events of ours. The server would tell of its own too, and of how far it searched, which nobody here asks. */
const ours = { filterOn: 'eventType', regex: '^[^$].*', checkpointInterval: 1_000 } as const;

/** @param closed ends the subscription whoever still listens */
export function createWakeUp(supervisor: Supervisor, closed: AbortSignal): WakeUp {
  const doorbell = createDoorbell();
  let listeners = 0;
  let detached = new AbortController();
  let current: Subscribed | undefined;

  /** One subscription after another. Whatever happened in between, the confirmation of the next rings for it. */
  async function keepSubscribed(ended: AbortSignal): Promise<void> {
    for (let failures = 0; !ended.aborted; failures++) {
      const renewal = new AbortController();
      const mine: Subscribed = { announced: 0n, renew: () => renewal.abort() };
      const heard = (position: Position) => {
        failures = 0;
        current = mine;
        if (position > mine.announced) mine.announced = position;
        doorbell.ring();
      };
      const subscribed = supervisor.run((client, retired) =>
        subscribe(client, AbortSignal.any([ended, retired, renewal.signal]), heard),
      );
      await subscribed.catch(() => {}); // The supervisor has logged it.
      if (current === mine) current = undefined;
      await backOff(failures, ended);
    }
  }

  return {
    doorbell,
    current: () => current,
    attach() {
      listeners += 1;
      if (listeners === 1) {
        detached = new AbortController();
        void keepSubscribed(AbortSignal.any([detached.signal, closed]));
      }
      return () => {
        listeners -= 1;
        if (listeners === 0) detached.abort();
      };
    },
  };
}

/** From the end of the log on. `heard` is called at the confirmation, with no position yet, and at each event. */
function subscribe(client: EventStoreDBClient, over: AbortSignal, heard: (position: Position) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const subscription = client.subscribeToAll({ fromPosition: 'end', filter: ours });
  subscription.on('confirmation', () => heard(0n));
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
