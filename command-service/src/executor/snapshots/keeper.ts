import { EventIdTaken, type EventStore, WrongExpectedRevision } from '@agentcal/shared/event-store/port';
import type { Catalogue } from '@agentcal/shared/kernel/catalogue';
import type { EventMetadata, NewEvent, RecordedEvent } from '@agentcal/shared/kernel/event';
import { eventIdFrom } from '@agentcal/shared/kernel/ids';
import { type Clock, second, toIso } from '@agentcal/shared/kernel/time';
import type { Deps } from '@agentcal/shared/process/deps';
import { SnapshotTaken } from '../events.ts';
import { type Timing, within } from '../pauses.ts';
import type { SnapshotPolicy } from '../port.ts';
import { packed, type Snapshot, unpacked } from './snapshot.ts';

export interface SnapshotDeps {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly timing: Timing;
  readonly log?: Pick<Deps['log'], 'warn'> | undefined;
}

/** Beyond it an event is too large for some stores. A calendar that comes to so much goes without. */
const maxLength = 900_000;
/** A large snapshot is worth that many more events: reading either should cost about the same. */
const lengthPerEvent = 1_000;
const patienceMs = 10 * second;

/**
 * The snapshots of one stream, in its adjacent stream: read once, when its fold begins, and taken as it moves on.
 * Nothing waits for one, and nothing fails with one.
 */
export class SnapshotKeeper<S> {
  readonly #streamId: string;
  readonly #policy: SnapshotPolicy;
  readonly #deps: SnapshotDeps;
  /** Revision of the stream at the newest snapshot known, and how long that was. */
  #takenAt = -1;
  #length = 0;
  /** Revision of the adjacent stream. */
  #head = -1;
  #taking = false;

  constructor(streamId: string, policy: SnapshotPolicy, deps: SnapshotDeps) {
    this.#streamId = streamId;
    this.#policy = policy;
    this.#deps = deps;
  }

  /**
   * The newest, with the event that it ends with: what follows is in the stream after it. `undefined` where it is of
   * another version, damaged, or of a stream that is not this one as it stands.
   */
  async newest(): Promise<{ readonly snapshot: Snapshot<S>; readonly last: RecordedEvent } | undefined> {
    const event = await this.#readNewest();
    const snapshot = event && this.#believable(event.data as SnapshotTaken['data']);
    if (!snapshot) return undefined;
    const { revision, eventId } = snapshot;
    const last = await first(this.#deps.store.readStream(this.#streamId, { fromRevision: revision, maxCount: 1 }));
    if (last?.id !== eventId) {
      this.#warn(`a snapshot of ${this.#streamId} is of another history: ignored`);
      return undefined;
    }
    this.#takenAt = revision;
    return { snapshot, last };
  }

  /** Whether a fold at this revision has come far enough beyond the last one. */
  isDue(revision: number): boolean {
    const every = Math.max(this.#policy.everyEvents, this.#length / lengthPerEvent);
    return !this.#taking && revision - this.#takenAt >= every;
  }

  /** Appends a snapshot of what `told` answers once the caller is done. Resolves always. */
  async take(told: () => Omit<Snapshot<S>, 'version'> & { readonly metadata: EventMetadata }): Promise<void> {
    this.#taking = true;
    const { store, catalogue, timing } = this.#deps;
    try {
      await timing.sleep(0);
      const { metadata, ...snapshot } = told();
      // Also where it fails: another is worth trying only after as many events again.
      this.#takenAt = snapshot.revision;
      const data = packed({ ...snapshot, version: this.#policy.version });
      this.#length = data.content.length;
      if (this.#length > maxLength) return this.#warn(`${this.#streamId} is too large for a snapshot`);
      const event = this.#dressed(data, metadata);
      catalogue.check(event);
      const expected = this.#head < 0 ? 'no_stream' : this.#head;
      const appended = await within(timing, patienceMs, store.append(this.#adjacent, expected, [event]));
      this.#head = appended.revision;
    } catch (error) {
      await this.#forgive(error);
    } finally {
      this.#taking = false;
    }
  }

  get #adjacent(): string {
    return `snapshot-${this.#streamId}`;
  }

  async #readNewest(): Promise<RecordedEvent | undefined> {
    const event = await first(this.#deps.store.readStream(this.#adjacent, { direction: 'backwards', maxCount: 1 }));
    this.#head = event?.revision ?? -1;
    return event?.type === SnapshotTaken.type ? event : undefined;
  }

  #believable(data: SnapshotTaken['data']): Snapshot<S> | undefined {
    if (data.version !== this.#policy.version) return undefined;
    try {
      const snapshot = unpacked<S>(data);
      this.#length = data.content.length;
      return snapshot.streamId === this.#streamId ? snapshot : undefined;
    } catch (error) {
      this.#warn(`a snapshot of ${this.#streamId} cannot be read: ignored`, error);
      return undefined;
    }
  }

  /** Another process was faster, or it went wrong: either way there is one fewer, and the log has everything. */
  async #forgive(error: unknown): Promise<void> {
    if (!(error instanceof WrongExpectedRevision || error instanceof EventIdTaken)) {
      return this.#warn(`no snapshot of ${this.#streamId}`, error);
    }
    try {
      const newest = await within(this.#deps.timing, patienceMs, this.#readNewest());
      const { version, revision } = (newest?.data ?? {}) as Partial<SnapshotTaken['data']>;
      if (version === this.#policy.version && revision !== undefined) this.#takenAt = revision;
    } catch (failed) {
      this.#warn(`no snapshot of ${this.#streamId}`, failed);
    }
  }

  #dressed(data: SnapshotTaken['data'], { organization_id, account_id, livemode }: EventMetadata): NewEvent {
    const id = eventIdFrom(`${this.#adjacent} ${data.version}`, data.revision);
    const metadata: EventMetadata = {
      occurred_at: toIso(this.#deps.clock.now()),
      organization_id,
      ...(account_id !== undefined && { account_id }),
      livemode,
      actor: { kind: 'system', id: 'snapshot' },
      command_id: id,
      fingerprint: '',
      correlation_id: data.event_id,
      causation_id: data.event_id,
    };
    return { id, type: SnapshotTaken.type, data, metadata };
  }

  #warn(message: string, error?: unknown): void {
    this.#deps.log?.warn({ err: error }, message);
  }
}

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}
