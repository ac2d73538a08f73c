import { Refusal } from '@agentcal/shared/kernel/refusal';
import { day, hour, type Instant, type Interval } from '@agentcal/shared/kernel/time';
import { dayOfDate } from '@agentcal/shared/scheduling/dates';
import { zoneOf } from '@agentcal/shared/scheduling/zone';

/** A year, and what a change of clocks can add to its last day. */
const longestMs = 366 * day + 2 * hour;
/** More than any zone is away from UTC. */
const farthestMs = 16 * hour;

/** How far a search goes that nobody has said an end of. */
const openMs = 60 * day;

/** Where in the request they stand. */
type Part = 'query' | 'body';

/** Two dates or instants, as they were asked for. */
export interface AskedRange {
  readonly start_date: string;
  /** Default: sixty days later. */
  readonly end_date?: string | undefined;
}

/**
 * What two dates or instants mean. Bare dates are whole days of the zone, both included; an instant that ends the
 * range is not in it.
 *
 * @throws {Refusal} `range_reversed`, `range_too_long`
 */
export function rangeOf(asked: AskedRange, timezone: string, part: Part = 'query'): Interval {
  const { start, end } = boundaries(asked, timezone, part);
  if (end <= start) throw new Refusal('range_reversed');
  if (end - start > longestMs) throw new Refusal('range_too_long');
  return { start, end };
}

/** What the range can be in whatever zone: to read a calendar by, before it tells its zone. */
export function widestRangeOf(asked: AskedRange, part: Part = 'query'): Interval {
  const { start, end } = boundaries(asked, 'UTC', part);
  if (end - start > longestMs + 2 * farthestMs) throw new Refusal('range_too_long');
  return { start: start - farthestMs, end: end + farthestMs };
}

function boundaries({ start_date, end_date }: AskedRange, timezone: string, part: Part): Interval {
  const start = boundary(`/${part}/start_date`, start_date, timezone, 0);
  if (end_date === undefined) return { start, end: start + openMs };
  return { start, end: boundary(`/${part}/end_date`, end_date, timezone, 1) };
}

const firstUnusable = dayOfDate('9999-01-01');

/** An instant as it is; a date as where it begins, or the day after it. */
function boundary(pointer: string, text: string, timezone: string, daysLater: number): Instant {
  if (text.length > 'YYYY-MM-DD'.length) return Date.parse(text);
  const date = dayOfDate(text);
  // As instants: what could not be booked by its start_time is not listed either.
  if (date >= 0 && date < firstUnusable) return zoneOf(timezone).startOfDay(date + daysLater);
  const fault = { pointer, detail: 'must be a date of our times' };
  throw new Refusal('invalid_request', `${fault.pointer} ${fault.detail}`, { errors: [fault] });
}
