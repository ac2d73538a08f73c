import { journalTable } from '../processes/journal.ts';
import type { Found } from './check.ts';

interface Page {
  readonly id: string;
  readonly told: number;
  readonly order: number;
  readonly bookingId?: string;
  readonly seen: boolean;
}

/** Invariant 5: every event has led to its reaction, in order within a calendar, after what the reaction reads. */
export function checkReactions({ log, engines }: Pick<Found, 'log' | 'engines'>): string[] {
  const [schema, table] = journalTable.split('.') as [string, string];
  const pages = new Map((engines.rows.rows(schema, table) as unknown as Page[]).map((page) => [page.id, page]));
  const last = new Map<string, number>();
  return log
    .filter(({ type }) => type.startsWith('calendar.'))
    .flatMap(({ id, streamId, revision, type }): string[] => {
      const page = pages.get(id);
      const what = `${streamId} ${revision} (${type})`;
      if (!page) return [`${what} led to nothing`];
      const before = last.get(streamId) ?? -1;
      last.set(streamId, page.order);
      return [
        ...(page.told === 1 ? [] : [`${what} was told ${page.told} times in what commits at once`]),
        ...(page.order > before ? [] : [`${what} was told before what happened before it`]),
        ...(page.bookingId === undefined || page.seen ? [] : [`${what} was told before its row was there`]),
      ];
    });
}
