import type { RecordedEvent } from '../../kernel/event.ts';

/** An event as the driver hands it over: bigint as text, json parsed. */
export type EventRow = Omit<RecordedEvent, 'position'> & { readonly position: string };

/** Postgres names the fields and writes the time as they are wanted: the driver would parse it, to have it formatted again. */
export const columns = `event_id as id, type, data, metadata, stream_id as "streamId", revision, position,
  to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt"`;

/** The row becomes the event: whole logs are read through here, and a copy of each row would be for the collector. */
export function toEvent(row: EventRow): RecordedEvent {
  return Object.assign(row, { position: BigInt(row.position) });
}
