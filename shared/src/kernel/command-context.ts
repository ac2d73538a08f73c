import type { Actor } from './event.ts';
import type { Instant } from './time.ts';

/** What surrounds a command: who sent it, when it is judged, and by what a repeat is recognised. */
export interface CommandContext {
  readonly commandId: string;
  /** SHA-256 of method, path and body: the same command id with another fingerprint is refused. */
  readonly fingerprint: string;
  readonly organizationId: string;
  readonly accountId?: string;
  readonly livemode: boolean;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly requestId?: string;
  /** When it is judged. Deciders know no other clock. */
  readonly at: Instant;
}
