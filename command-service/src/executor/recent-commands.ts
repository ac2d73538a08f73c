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
    const { command_id, fingerprint, occurred_at } = metadata;
    this.recall(command_id, { fingerprint, firstRevision: revision, occurredAt: Date.parse(occurred_at) }, now);
  }

  /** The same, of a command that was remembered elsewhere. */
  recall(commandId: string, command: RememberedCommand, now: Instant): void {
    if (command.occurredAt <= now - retentionMs || this.#byId.has(commandId)) return;
    this.#byId.set(commandId, command);
    this.#forget(now);
  }

  /** From the oldest on. */
  entries(): (readonly [id: string, RememberedCommand])[] {
    return [...this.#byId];
  }

  #forget(now: Instant): void {
    for (const [id, { occurredAt }] of this.#byId) {
      if (this.#byId.size <= retentionCount && occurredAt > now - retentionMs) return;
      this.#byId.delete(id);
    }
  }
}
