import type { RecordedEvent } from '../../kernel/event.ts';
import type { LogBatch, ReadAllOptions } from '../port.ts';
import type { Gateway } from './gateway.ts';

/** Where most of what is read may be left out, it is read in pages of at least this many. */
const filteredPageSize = 500;
/** A batch may come back empty after so many pages, rather than search the whole log for one event. */
const mostPages = 20;

/**
 * The next events of the log. The client filters subscriptions but not reads, so types are told apart
 * here; the position moves over whatever was left out.
 */
export async function readAll(gateway: Gateway, { after, maxCount, types }: ReadAllOptions): Promise<LogBatch> {
  const wanted = types && new Set(types);
  const events: RecordedEvent[] = [];
  let position = after;
  let pageSize = wanted ? Math.max(maxCount, filteredPageSize) : maxCount;
  for (let pages = 0; pages < mostPages && events.length === 0; pages++) {
    const { entries, atEnd } = await gateway.logPage(position, pageSize);
    for (const entry of entries) {
      if (events.length === maxCount) return { events, position, caughtUp: false };
      position = entry.position;
      if (entry.event && (!wanted || wanted.has(entry.event.type))) events.push(entry.event);
    }
    if (atEnd) return { events, position, caughtUp: true };
    // Nothing but the server's own events, so far: there may be many of them.
    pageSize = Math.max(maxCount, filteredPageSize);
  }
  return { events, position, caughtUp: false };
}
