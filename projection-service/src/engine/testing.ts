import { createLocalBus } from '@agentcal/shared/bus/local';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import type { Appended } from '@agentcal/shared/event-store/port';
import { defineEvent } from '@agentcal/shared/kernel/event';
import { systemClock } from '@agentcal/shared/kernel/time';
import { testDatabase } from '@agentcal/shared/testing/database';
import { createMemoryVault } from '@agentcal/shared/vault/memory';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Type } from 'typebox';
import { createProgress } from '../progress.ts';
import { type AnyDb, defineProjection, type Projection } from './consumer.ts';
import type { EngineDeps } from './deps.ts';
import { createLeadership } from './leadership.ts';
import { readSchema } from './schema.ts';
import { createPostgresStorage } from './storage/postgres.ts';
import { defineTable, instant, integer, json, nullable, text } from './table.ts';

/** A tiny product for the engine's own tests: counters that count. */
export const Counted = defineEvent('counter.counted.v2', Type.Object({ id: Type.String(), by: Type.Integer() }), {
  'counter.incremented.v1': (data: { id: string }) => ({ id: data.id, by: 1 }),
});
export const Reset = defineEvent('counter.reset.v1', Type.Object({ id: Type.String() }));
const counterEvents = [Counted, Reset] as const;

const counters = defineTable(
  'counters',
  { id: text, total: integer, last_at: instant, note: nullable(text), seen: json<readonly number[]>() },
  { key: ['id'], indexes: [['total']] },
);

/** Sums up. Version 2 counts double, so that it can be told apart. */
export function countersAt(version: number): Projection {
  return defineProjection({
    name: 'counters',
    version,
    definitions: counterEvents,
    tables: { counters },
    on: {
      'counter.counted.v2': {
        counters: {
          keys: ({ data }) => [{ id: data.id }],
          fold: (row, { data, metadata, position }) => ({
            id: data.id,
            total: (row?.total ?? 0) + data.by * version,
            last_at: Date.parse(metadata.occurred_at),
            note: row ? `before: ${row.total}` : null,
            seen: [...(row?.seen ?? []), Number(position)],
          }),
        },
      },
      'counter.reset.v1': { counters: { keys: ({ data }) => [{ id: data.id }], fold: () => undefined } },
    },
  });
}

export interface TestEngine extends EngineDeps {
  readonly db: AnyDb;
  append(type: string, data: { readonly id: string }): Promise<Appended>;
  count(id: string, by?: number): Promise<Appended>;
  /** Waits until a consumer has come so far. */
  reached(consumer: string, appended: Appended): Promise<void>;
  /** The same product in another process, as far as Postgres can tell. */
  another(): EngineDeps;
  /** What has been logged as an error. */
  readonly errors: object[];
}

export async function testEngine(t: Teardowns): Promise<TestEngine> {
  const { pool } = await testDatabase(t);
  const db: AnyDb = new Kysely({ dialect: new PostgresDialect({ pool }) });
  const bus = createLocalBus();
  const store = createMemoryEventStore();
  const vault = createMemoryVault();
  const errors: object[] = [];
  const log = { info: () => {}, error: (fields: object) => errors.push(fields) };
  const process = (): EngineDeps => {
    const leadership = createLeadership({ pool, retryMs: 20 });
    const progress = createProgress({ db, bus, pollMs: 10 });
    t.teardown(async () => {
      await leadership.close();
      progress.close();
    });
    return { storage: createPostgresStorage(pool), store, bus, vault, clock: systemClock, log, leadership, progress };
  };
  const deps = process();
  let appended = 0;
  const append: TestEngine['append'] = (type, data) => {
    appended += 1;
    return store.append(`counter-${data.id}`, 'any', [{ id: `event-${appended}`, type, data, metadata }]);
  };
  return {
    ...deps,
    db,
    errors,
    another: process,
    append,
    count: (id, by = 1) => append('counter.counted.v2', { id, by } as { id: string }),
    reached: async (consumer, { position }) => {
      if (!(await deps.progress.reached([consumer], position, 10_000)))
        throw new Error(`${consumer} did not get there`);
    },
  };
}

interface Teardowns {
  teardown(handler: () => Promise<void>): unknown;
}

const metadata = {
  occurred_at: '2026-01-01T00:00:00.500Z',
  organization_id: 'org_1',
  livemode: false,
  actor: { kind: 'system', id: 'test' },
  command_id: 'command',
  fingerprint: '',
  correlation_id: 'command',
} as const;

/** Every row of a table as text, in a fixed order: equal means equal to the byte. */
export async function dump(db: AnyDb, table: string, schema: string = readSchema): Promise<string[]> {
  const { rows } = await sql<{ row: string }>`
    select row_to_json(t)::text as row from ${sql.id(schema, table)} t order by 1`.execute(db);
  return rows.map(({ row }) => row);
}

export async function totals(db: AnyDb): Promise<Record<string, number>> {
  const { rows } = await sql<{ id: string; total: number }>`select id, total from read.counters order by id`.execute(
    db,
  );
  return Object.fromEntries(rows.map(({ id, total }) => [id, total]));
}

/** Waits for a condition that some other work brings about, and fails where it takes too long. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('that did not happen in ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
