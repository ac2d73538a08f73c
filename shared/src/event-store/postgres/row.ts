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
  /** ISO 8601 already. */
  readonly recorded_at: string;
}

/** Postgres writes the time as it is wanted: the driver would parse it, to have it formatted again. */
export const columns = `position, stream_id, revision, event_id, type, data, metadata,
  to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as recorded_at`;

export function toEvent(row: EventRow): RecordedEvent {
  return {
    id: row.event_id,
    type: row.type,
    data: row.data,
    metadata: row.metadata,
    streamId: row.stream_id,
    revision: row.revision,
    position: BigInt(row.position),
    recordedAt: row.recorded_at,
  };
}
