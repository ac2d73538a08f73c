import type { AnyTransaction } from '../../../engine/consumer.ts';
import type { SelectedOf } from '../../../engine/table.ts';
import type { publicEvents } from '../../../read-models/public-events/table.ts';
import type { Attempt } from '../sender.ts';

/**
 * What the dispatch of webhooks has to remember: which endpoint is there, what each is owed, whose turn it is, and how every
 * attempt went. These are facts of their own, and are not in the log. Adapters pass `contract.ts`.
 */
export interface Ledger {
  /** What a reaction writes, in the transaction of its checkpoint. */
  within(trx: AnyTransaction): LedgerEntries;
  /** Takes endpoints that something is due for and that nobody has, those first that have waited longest since their last turn. */
  take(wanted: WantedTurns): Promise<readonly Turn[]>;
  /** Holds them for as long again. Answers those that are still held: others were ended, or taken by somebody else. */
  keep(turns: readonly Turn[], holdSeconds: number): Promise<readonly Turn[]>;
  /** Lets an endpoint go, with what the turn has shown of it. Of a turn that is held no more nothing is noted. */
  end(turn: Turn, verdict: Verdict): Promise<void>;
  /** Lets it go as it was. */
  release(turn: Turn): Promise<void>;
  /** What the endpoint can be told now, the longest due first: of each subject the earliest event only. */
  due(webhookId: string, limit: number): Promise<readonly DueDelivery[]>;
  /** The event with where it goes. `undefined` while the public events are being rebuilt, and have not come to it yet. */
  find(delivery: DeliveryKey): Promise<Outgoing | undefined>;
  isRemoved(webhookId: string): Promise<boolean>;
  /** An attempt; the delivery with it has come to its end where it was delivered, or where no other one follows. */
  record(delivery: DueDelivery, made: MadeAttempt): Promise<void>;
  /** The endpoint was removed: what it has not been told, it never is. */
  drop(webhookId: string): Promise<void>;
}

export interface LedgerEntries {
  /** Told again, it stays as it was first told. */
  register(endpoint: Endpoint): Promise<void>;
  remove(webhookId: string, position: bigint): Promise<void>;
  /** Before the log is gone through again. What endpoints were owed stays. */
  forgetEndpoints(): Promise<void>;
  /**
   * Notes that these events are owed to each endpoint that wants them and was there when they happened, due at once.
   * Answers how many were not noted before.
   */
  owe(eventIds: readonly string[]): Promise<number>;
}

/** An endpoint in one process's hands: nobody else sends to it, until the hold runs out. */
export interface Turn {
  readonly webhookId: string;
  /** Grows with each turn of the endpoint, and when one ends. */
  readonly number: number;
  /** Attempts that have failed in a row before it. */
  readonly failures: number;
}

export interface WantedTurns {
  /** How many at most of endpoints whose last attempt succeeded, or that have had none. */
  readonly sound: number;
  /** How many at most of the others. */
  readonly failing: number;
  readonly holdSeconds: number;
}

/** What a turn has shown of its endpoint. */
export interface Verdict {
  /** Attempts that have failed in a row by now. */
  readonly failures: number;
  /** Nobody takes it before. */
  readonly restSeconds: number;
  /** It answers again after a pause: what waits for another attempt is due at once. */
  readonly isBack: boolean;
  /** Where nothing has succeeded for so long, deliveries that have waited for so long have failed. */
  readonly giveUpAfterSeconds: number;
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

export interface DueDelivery extends DeliveryKey {
  /** What the event is about: a booking's id. */
  readonly subject: string;
  /** Made so far. */
  readonly attempts: number;
}

/** An event with where it goes. */
export interface Outgoing {
  readonly url: string;
  readonly isRemoved: boolean;
  readonly event: SelectedOf<(typeof publicEvents)['columns']>;
}

export interface MadeAttempt extends Attempt {
  /** From 1. */
  readonly number: number;
  readonly at: Date;
  /** Until the next one, where it failed; what is later about the same subject waits as long. `undefined`: it was the last one. */
  readonly retrySeconds: number | undefined;
}
