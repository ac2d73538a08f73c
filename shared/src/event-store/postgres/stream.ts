import type pg from 'pg';
import type { RecordedEvent } from '../../kernel/event.ts';
import type { ReadStreamOptions } from '../port.ts';
import { query } from './query.ts';
import { columns, type EventRow, toEvent } from './row.ts';

const pageSize = 500;

const forwards = {
  name: 'log-stream-forwards',
  text: `select ${columns} from log.events where stream_id = $1 and revision >= $2 order by revision limit $3`,
};
const backwards = {
  name: 'log-stream-backwards',
  text: `select ${columns} from log.events where stream_id = $1 and revision <= $2 order by revision desc limit $3`,
};

/** Reads one stream page by page. Needs no proof: a stream's revisions are committed in order, under its row's lock. */
export async function* readStream(
  pool: pg.Pool,
  streamId: string,
  { fromRevision, maxCount = Number.POSITIVE_INFINITY, direction = 'forwards' }: ReadStreamOptions = {},
): AsyncIterable<RecordedEvent> {
  const [statement, step] = direction === 'forwards' ? [forwards, 1] : [backwards, -1];
  let next = fromRevision ?? (direction === 'forwards' ? 0 : 2 ** 31 - 1);
  for (let left = maxCount; left > 0; left -= pageSize) {
    const limit = Math.min(left, pageSize);
    const rows = await query<EventRow>(pool, statement, [streamId, next, limit]);
    for (const row of rows) yield toEvent(row);
    if (rows.length < limit) return;
    next = rows.at(-1)!.revision + step;
  }
}
