import { isDeepStrictEqual } from 'node:util';
import { type ConsumedEvent, type Projection, projections, type Row } from '@agentcal/projection-service/simulation';
import { openSealed } from '../engines/vault.ts';
import type { Found } from './check.ts';

/** Invariant 4: every read model is what a fresh fold of the log, one event after the other, comes to. */
export function checkRows({ log, engines }: Pick<Found, 'log' | 'engines'>): string[] {
  const sealed = log as readonly ConsumedEvent[];
  const open = sealed.map((event) => ({ ...event, data: opened(event.data) })) as readonly ConsumedEvent[];
  return projections.flatMap((projection) => {
    const events = projection.opensPersonalData ? open : sealed;
    return [...foldAfresh(projection, events)].flatMap(([table, rows]) => {
      const live = new Map(engines.rows.rows('read', table).map((row) => [keyOf(projection, table, row), row]));
      return differences(rows, live).map((fault) => `${table}: ${fault}`);
    });
  });
}

type Rows = Map<string, Row>;

function foldAfresh({ folds }: Projection, events: readonly ConsumedEvent[]): Map<string, Rows> {
  const tables = new Map<string, Rows>(folds.map(({ shape }) => [shape.name, new Map()]));
  for (const event of events) {
    const changes = new Map<string, { before: Row | undefined; after: Row | undefined }[]>();
    for (const { shape, on, follows } of folds) {
      const rows = tables.get(shape.name)!;
      const changed: { before: Row | undefined; after: Row | undefined }[] = [];
      const touch = (key: Row, fold: (row: Row | undefined) => Row | undefined) => {
        const id = shape.key.map((column) => String(key[column])).join(' ');
        const before = rows.get(id);
        const after = fold(before);
        if (after === before) return;
        if (after) rows.set(id, after);
        else rows.delete(id);
        changed.push({ before, after });
      };
      const own = on[event.type];
      for (const key of own?.keys(event) ?? []) touch(key, (row) => own!.fold(row, event, key));
      for (const { source, touch: following } of follows) {
        for (const change of changes.get(source) ?? []) {
          for (const key of following.keys(change)) touch(key, (row) => following.fold(row, change, key));
        }
      }
      changes.set(shape.name, changed);
    }
  }
  return tables;
}

function keyOf({ folds }: Projection, table: string, row: Row): string {
  const { shape } = folds.find((fold) => fold.shape.name === table)!;
  return shape.key.map((column) => String(row[column])).join(' ');
}

function differences(wanted: Rows, live: Rows): string[] {
  const ids = new Set([...wanted.keys(), ...live.keys()]);
  return [...ids].flatMap((id) => {
    const [want, is] = [plain(wanted.get(id)), plain(live.get(id))];
    return isDeepStrictEqual(want, is) ? [] : [`${id} is ${JSON.stringify(is)}, and folds to ${JSON.stringify(want)}`];
  });
}

/** As a row comes back: what is absent is null. */
function plain(row: Row | undefined): unknown {
  if (!row) return undefined;
  const kept = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
  return JSON.parse(JSON.stringify(Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)))));
}

function opened(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('kid' in value && 'sealed' in value) return openSealed(value as unknown as { sealed: string });
  if (Array.isArray(value)) return value.map(opened);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, opened(part)]));
}
