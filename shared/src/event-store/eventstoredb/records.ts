import type { AllStreamResolvedEvent, EventData, MetadataType, ResolvedEvent } from '@eventstore/db-client';
import type { EventMetadata, NewEvent, Position, RecordedEvent } from '../../kernel/event.ts';
import type { ExpectedRevision } from '../port.ts';

type Resolved = ResolvedEvent | AllStreamResolvedEvent;

/** An event as the client takes it. Its data is a copy, for the client serialises it later than it is called. */
export function eventDataOf({ id, type, data, metadata }: NewEvent): EventData {
  return {
    id,
    type,
    contentType: 'application/json',
    data: structuredClone(data) as Record<string, unknown>,
    metadata: structuredClone(metadata) as object as MetadataType,
  };
}

/** Nothing where the event is no event of ours: the server writes some of its own, and others may write bytes. */
export function recordedFrom(resolved: Resolved): RecordedEvent | undefined {
  const { event } = resolved;
  if (!event?.isJson || event.type.startsWith('$') || event.streamId.startsWith('$')) return undefined;
  return {
    id: event.id,
    type: event.type,
    data: event.data,
    metadata: event.metadata as object as EventMetadata,
    streamId: event.streamId,
    revision: Number(event.revision),
    position: positionOf(resolved),
    recordedAt: event.created.toISOString(),
  };
}

/**
 * Where an event stands. The commit position alone says it: events that are appended together each have
 * one of their own, and it equals the prepare position since there are no explicit transactions.
 */
export function positionOf({ event, commitPosition }: Resolved): Position {
  const position = event?.position?.commit ?? commitPosition;
  if (!isKnown(position)) throw new Error('the event store tells no positions: it must be of version 22.6 or later');
  return position;
}

/** An absent position may come as the largest number there is. */
export function isKnown(position: Position | undefined): position is Position {
  return position !== undefined && position < 1n << 63n;
}

export function revisionOption(expected: ExpectedRevision): 'any' | 'no_stream' | bigint {
  return typeof expected === 'number' ? BigInt(expected) : expected;
}
