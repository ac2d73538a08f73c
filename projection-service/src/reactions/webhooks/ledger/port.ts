import type { AnyTransaction } from '../../../engine/consumer.ts';
import type { SelectedOf } from '../../../engine/table.ts';
import type { publicEvents } from '../../../read-models/public-events/table.ts';
import type { Attempt } from '../sender.ts';

/**
 * What the dispatch of webhooks has to remember: which endpoint is there, what each is owed, and how every attempt went.
 * These are facts of their own, and are not in the log. Adapters pass `contract.ts`.
 */
export interface Ledger {
  /** What a reaction writes, in the transaction of its checkpoint. */
  within(trx: AnyTransaction): LedgerEntries;
  /** The event with where it goes. `undefined` while the public events are being rebuilt, and have not come to it yet. */
  find(delivery: DeliveryKey): Promise<Due | undefined>;
  isRemoved(webhookId: string): Promise<boolean>;
  /** An attempt; the delivery with it has come to its end where it was delivered, or where no other one follows. */
  record(delivery: DeliveryKey, made: MadeAttempt): Promise<void>;
  /** The endpoint was removed first. */
  drop(delivery: DeliveryKey, at: Date): Promise<void>;
}

export interface LedgerEntries {
  /** Told again, it stays as it was first told. */
  register(endpoint: Endpoint): Promise<void>;
  remove(webhookId: string, position: bigint): Promise<void>;
  /** Before the log is gone through again. What endpoints were owed stays. */
  forgetEndpoints(): Promise<void>;
  /**
   * Notes that these events are owed to each endpoint that wants them and was there when they happened. Answers what was
   * not noted before.
   */
  owe(eventIds: readonly string[]): Promise<readonly Delivery[]>;
}

/** It gets what happened between its two positions. */
export interface Endpoint {
  readonly webhookId: string;
  readonly organizationId: string;
  readonly livemode: boolean;
  readonly url: string;
  readonly events: readonly string[];
  readonly registeredAt: bigint;
}

/** One event for one endpoint. */
export interface DeliveryKey {
  readonly webhookId: string;
  readonly eventId: string;
}

export interface Delivery extends DeliveryKey {
  /** What the event is about: a booking's id. */
  readonly subject: string;
  readonly position: bigint;
}

export interface Due {
  readonly url: string;
  readonly isRemoved: boolean;
  readonly event: SelectedOf<(typeof publicEvents)['columns']>;
}

export interface MadeAttempt extends Attempt {
  /** From 1. */
  readonly number: number;
  readonly at: Date;
  readonly isLast: boolean;
}
