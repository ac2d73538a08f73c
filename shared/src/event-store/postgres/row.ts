import type { EventMetadata, RecordedEvent } from '../../kernel/event.ts';

/** An event as the driver hands it over: bigint as text, json parsed. */
export interface EventRow {
  readonly position: string;
  readonly stream_id: string;
  readonly revision: number;
  readonly event_id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
  readonly recorded_at: Date;
}

export const columns = 'position, stream_id, revision, event_id, type, data, metadata, recorded_at';

export function toEvent(row: EventRow): RecordedEvent {
  return {
    id: row.event_id,
    type: row.type,
    data: row.data,
    metadata: row.metadata,
    streamId: row.stream_id,
    revision: row.revision,
    position: BigInt(row.position),
    recordedAt: row.recorded_at.toISOString(),
  };
}
