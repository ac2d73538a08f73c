import type { PublicEvent } from '@agentcal/shared/resources/webhook';

/**
 * Where the jobs of the queue take deliveries: to the endpoint itself (attempt.ts), or to Svix, which takes
 * them there (svix.ts). Both are called at least once per delivery.
 */
export interface Sender {
  send(message: Message): Promise<Attempt>;
  /** The endpoint was removed: nothing about it stays outside of Postgres. May be called again. @throws to be called again. */
  forget(webhookId: string): Promise<void>;
  close(): Promise<void>;
}

export interface Message {
  readonly webhookId: string;
  readonly url: string;
  /** Its id is the same on every attempt, so that the receiver can drop repeats. */
  readonly event: PublicEvent;
  readonly secret: string;
}

/**
 * How one attempt at one delivery went. `delivered`: the receiver answered 2xx in time. With Svix: Svix has it,
 * which does not mean that the receiver does.
 */
export interface Attempt {
  readonly delivered: boolean;
  /** What the receiver answered. */
  readonly statusCode: number | null;
  /** Why there is no status, or what its beginning says: for the customer's developers, never logged. */
  readonly detail: string | null;
  readonly durationMs: number;
}
