import type pg from 'pg';
import type { NewEvent } from '../../kernel/event.ts';
import { jsonArray } from '../../postgres/arrays.ts';
import { type Appended, EventIdTaken, type ExpectedRevision, WrongExpectedRevision } from '../port.ts';
import { isEventIdTaken } from './failures.ts';
import { query } from './query.ts';
import { columns, type EventRow, toEvent } from './row.ts';

/** One append on its way: what the caller asked, already in the words of the table. */
export interface Append {
  readonly streamId: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly SerialisedEvent[];
  readonly bytes: number;
}

interface SerialisedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** Serialises at once, so that what the caller does to its objects afterwards does not reach the log. */
export function toAppend(streamId: string, expected: ExpectedRevision, events: readonly NewEvent[]): Append {
  const serialised = events.map(({ id, type, data, metadata }) => ({
    id,
    type,
    data: JSON.stringify(data ?? null),
    metadata: JSON.stringify(metadata),
  }));
  const bytes = serialised.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
  return { streamId, expected, events: serialised, bytes };
}

interface Verdict {
  readonly verdict: 'appended' | 'repeated' | 'conflict';
  readonly at_revision: number;
  readonly at_position: string;
}

const appendAll = { name: 'log-append', text: 'select * from log.append($1, $2, $3, $4, $5, $6, $7)' };

/**
 * Appends to several streams in one transaction and answers for each what became of it. Throws where
 * that is not known for each: one taken event id fails all of them.
 */
export async function appendTogether(pool: pg.Pool, appends: readonly Append[]): Promise<(Appended | Error)[]> {
  const events = appends.flatMap(({ events }) => events);
  const verdicts = await query<Verdict & pg.QueryResultRow>(pool, appendAll, [
    appends.map(({ streamId }) => streamId),
    appends.map(({ expected }) => (expected === 'no_stream' ? -1 : expected === 'any' ? -2 : expected)),
    appends.map(({ events }) => events.length),
    events.map(({ id }) => id),
    events.map(({ type }) => type),
    jsonArray(events.map(({ data }) => data)),
    jsonArray(events.map(({ metadata }) => metadata)),
  ]);
  return appends.map(({ streamId, expected }, index) => {
    const { verdict, at_revision: revision, at_position } = verdicts[index]!;
    if (verdict === 'conflict') return new WrongExpectedRevision(streamId, expected);
    return { revision, position: BigInt(at_position), repeated: verdict === 'repeated' };
  });
}

/** One append by itself, with the reason where it fails. */
export async function appendAlone(pool: pg.Pool, append: Append): Promise<Appended | Error> {
  try {
    const [answer] = await appendTogether(pool, [append]);
    const partlyThere = answer instanceof WrongExpectedRevision && append.expected === 'any';
    return (partlyThere && (await findTaken(pool, append))) || answer!;
  } catch (error) {
    if (!isEventIdTaken(error)) throw error;
    return (await findTaken(pool, append)) ?? new Error(`an event id repeats within one append to ${append.streamId}`);
  }
}

async function findTaken(pool: pg.Pool, { events }: Append): Promise<EventIdTaken | undefined> {
  const text = `select ${columns} from log.events where event_id = any($1::uuid[])
                order by array_position($1::uuid[], event_id) limit 1`;
  const [existing] = await query<EventRow>(pool, text, [events.map(({ id }) => id)]);
  return existing && new EventIdTaken(existing.id, toEvent(existing));
}
