import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import type { ConsumedEvent, Projection } from './consumer.ts';
import { type Changes, idOf, type Row, TableFold } from './fold.ts';

/**
 * A projection's tests, told as stories: given these events, then those are the rows.
 *
 *     const given = folded(accounts);
 *     given(t, connected(), renamed({ name: 'New' })).becomes({ accounts: [{ id: 'acct_1', name: 'New', … }] });
 *
 * Every story is folded twice, event by event and as one batch, and both have to come out the same.
 */
export function folded(projection: Projection) {
  return (t: Assertions, ...events: readonly SampleEvent[]) => {
    const recorded = events.map(record) as readonly ConsumedEvent[];
    const singly = foldAll(
      projection,
      recorded.map((event) => [event]),
    );
    const atOnce = foldAll(projection, [recorded]);
    t.same(atOnce, singly, 'a batch folds like its events one by one');
    return {
      rows: singly,
      /** The whole of each table named; rows by key. Only the columns named are compared. */
      becomes: (tables: Readonly<Record<string, readonly Row[]>>) => {
        for (const [table, rows] of Object.entries(tables)) {
          t.same(singly[table]?.length, rows.length, `rows of ${table}`);
          t.match(singly[table], rows, table);
        }
      },
    };
  };
}

/** What of tap a scenario needs. */
export interface Assertions {
  same(found: unknown, wanted: unknown, message: string): unknown;
  match(found: unknown, pattern: unknown, message: string): unknown;
}

/** Enough of an event for a story; the rest is made up. */
export type SampleEvent = Pick<ConsumedEvent, 'type' | 'data'> & {
  readonly metadata?: Partial<RecordedEvent['metadata']>;
  readonly revision?: number;
};

function record({ metadata, ...event }: SampleEvent, index: number): RecordedEvent {
  return {
    id: `event-${index}`,
    streamId: 'story',
    revision: index,
    position: BigInt(index + 1),
    recordedAt: '2026-01-01T00:00:00.000Z',
    ...event,
    metadata: {
      occurred_at: '2026-01-01T00:00:00Z',
      organization_id: 'org_1',
      account_id: 'acct_1',
      livemode: false,
      actor: { kind: 'system', id: 'story' },
      command_id: 'command',
      fingerprint: '',
      correlation_id: 'command',
      ...metadata,
    },
  };
}

function foldAll({ folds }: Projection, batches: readonly (readonly ConsumedEvent[])[]): Record<string, Row[]> {
  const tables = new Map(folds.map(({ shape }) => [shape.name, new Map<string, Row>()]));
  for (const events of batches) {
    const changes = new Map<string, Changes>();
    for (const one of folds) {
      const rows = tables.get(one.shape.name)!;
      const fold = new TableFold(one, events, changes);
      const standing = fold.keys.flatMap((key): Row[] => {
        const row = rows.get(idOf(one.shape, key));
        return row ? [row] : [];
      });
      changes.set(one.shape.name, fold.run(standing));
      const { inserts, updates, deletes } = fold.written;
      for (const key of deletes) rows.delete(idOf(one.shape, key));
      for (const row of [...inserts, ...updates]) rows.set(idOf(one.shape, row), row);
    }
  }
  return Object.fromEntries(
    [...tables].map(([name, rows]) => [name, [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)]),
  );
}
