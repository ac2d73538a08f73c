import { rejects } from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import type { NewEvent, Position, RecordedEvent } from '../../kernel/event.ts';
import { base32 } from '../../kernel/ids.ts';
import { type EventStore, type ExpectedRevision, WrongExpectedRevision } from '../port.ts';

/**
 * One promise of the contract. `prove` rejects where a store breaks it, so the same check serves the
 * suite of an adapter and the proof that a planted fault is found.
 */
export interface Check {
  readonly title: string;
  readonly prove: (handles: Handles) => Promise<void>;
}

/** A log, seen through one handle or through two that share no memory (two pools, two processes). */
export interface Handles {
  readonly store: EventStore;
  readonly other?: EventStore;
}

export const happened = 'contract.happened.v1';
export const ignored = 'contract.ignored.v1';

/** How long a check waits for what must come. Only a broken store makes it wait that long; the mutants get less. */
export const patience = { ms: 20_000 };

/** A stream nobody else writes to. */
export function newStream(): string {
  return `contract-${base32(randomBytes(15))}`;
}

/** An event as the product writes it. */
export function event(overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    id: randomUUID(),
    type: happened,
    data: { text: 'It happened.' },
    metadata: {
      occurred_at: '2030-05-01T10:00:00.000Z',
      organization_id: 'org_contract',
      account_id: 'acct_contract',
      livemode: false,
      actor: { kind: 'system', id: 'contract' },
      command_id: 'command',
      fingerprint: 'fingerprint',
      correlation_id: 'correlation',
    },
    ...overrides,
  };
}

export function events(count: number, overrides: Partial<NewEvent> = {}): NewEvent[] {
  return Array.from({ length: count }, () => event(overrides));
}

/** Appends nothing of interest, and answers a position from which everything later can be read. */
export async function mark(store: EventStore): Promise<Position> {
  return (await store.append(newStream(), 'no_stream', [event()])).position;
}

export async function streamOf(
  store: EventStore,
  streamId: string,
  options?: Parameters<EventStore['readStream']>[1],
): Promise<RecordedEvent[]> {
  return Array.fromAsync(store.readStream(streamId, options));
}

/** Reads the log to its present end, batch by batch, and holds every batch to its own promises. */
export async function logAfter(
  store: EventStore,
  after: Position,
  { maxCount = 100, types }: { maxCount?: number; types?: readonly string[] } = {},
): Promise<{ events: RecordedEvent[]; position: Position }> {
  const events: RecordedEvent[] = [];
  let position = after;
  for (;;) {
    const batch = await store.readAll({ after: position, maxCount, ...(types && { types }) });
    if (batch.events.length > maxCount)
      throw new Error(`a batch of ${batch.events.length} where ${maxCount} were asked`);
    if (batch.position < position) throw new Error(`the position went back from ${position} to ${batch.position}`);
    if (batch.position === position && !batch.caughtUp) throw new Error(`a reader stands still at ${position}`);
    events.push(...batch.events);
    position = batch.position;
    if (batch.caughtUp) return { events, position };
  }
}

/** Asserts that an append is refused and that nothing of it was written. */
export async function refused(
  store: EventStore,
  streamId: string,
  expected: ExpectedRevision,
  appended: readonly NewEvent[],
): Promise<void> {
  const before = await streamOf(store, streamId);
  await rejects(store.append(streamId, expected, appended), (error) => {
    if (!(error instanceof WrongExpectedRevision)) throw error;
    return error.streamId === streamId && error.expected === expected;
  });
  const after = await streamOf(store, streamId);
  if (after.length !== before.length) throw new Error(`a refused append left ${after.length - before.length} events`);
}

/** Fails where a promise takes so long that it will never be kept. */
export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what}: not within ${patience.ms} ms`)), patience.ms);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
