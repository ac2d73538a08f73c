import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { day, type Instant } from '@agentcal/shared/kernel/time';

/** Where a command's events stand in its stream. */
export interface RememberedCommand {
  readonly fingerprint: string;
  readonly firstRevision: number;
  readonly occurredAt: Instant;
}

type LearntEvent = Pick<RecordedEvent, 'metadata' | 'revision'>;

/** How long a repeat is answered from memory. The API promises 24 hours; the rest is for clocks that disagree. */
export const retentionMs = 2 * day;
/** The newest commands of one stream that are kept, however young the others are. */
export const retentionCount = 2_000;

/**
 * The commands that a stream has seen lately, learnt from the metadata of its events.
 *
 * It is bounded in time and number, so that a stream's memory does not grow with its history. It is the fast way to
 * recognise a repeat, not the only one: what has left it is still caught by its event ids when it is appended
 * again (see `append.ts`).
 */
export class RecentCommands {
  readonly #byId = new Map<string, RememberedCommand>();

  get size(): number {
    return this.#byId.size;
  }

  find(commandId: string): RememberedCommand | undefined {
    return this.#byId.get(commandId);
  }

  learn({ metadata, revision }: LearntEvent, now: Instant): void {
    const occurredAt = Date.parse(metadata.occurred_at);
    if (occurredAt <= now - retentionMs) return;
    if (this.#byId.has(metadata.command_id)) return;
    this.#byId.set(metadata.command_id, { fingerprint: metadata.fingerprint, firstRevision: revision, occurredAt });
    this.#forget(now);
  }

  #forget(now: Instant): void {
    for (const [id, { occurredAt }] of this.#byId) {
      if (this.#byId.size <= retentionCount && occurredAt > now - retentionMs) return;
      this.#byId.delete(id);
    }
  }
}
