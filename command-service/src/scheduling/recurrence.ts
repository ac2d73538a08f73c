import { Refusal } from '@agentcal/shared/kernel/refusal';
import { day, type Instant } from '@agentcal/shared/kernel/time';
import { isTimeZone } from '@agentcal/shared/scheduling/zone';
import { RRuleTemporal } from 'rrule-temporal';
import { fault } from '../calendar/wire.ts';

/** What one series may come to: more is a request of its own. */
export const maxOccurrences = 100;
const longestMs = 2 * 366 * day;

/** Periods that are gone through in search of the next occurrence: enough for two years of days. */
const maxIterations = 800;

/**
 * The starts that a rule of RFC 5545 comes to, counted from a first one. They keep its wall time in that zone, across
 * changes of the clock; a date or wall time that does not exist is no occurrence, as the RFC says.
 *
 * @throws {Refusal} where the rule is none, does not end, or comes to too much
 */
export function occurrencesOf(start: Instant, { rule, timezone }: { rule: string; timezone: string }): Instant[] {
  if (!isTimeZone(timezone)) throw new Refusal('invalid_time_zone');
  const text = rule.replace(/^RRULE:/, '');
  requireBounded(text);
  const first = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timezone);
  const wall = first.toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
  const starts = expanded(`DTSTART;TZID=${timezone}:${wall}\nRRULE:${text}`);
  if (starts[0] !== start) throw fault('recurrence/rule', 'has to have start_time as its first occurrence');
  if (starts.length > maxOccurrences) throw fault('recurrence/rule', `comes to more than ${maxOccurrences} bookings`);
  if (starts.at(-1)! - start > longestMs) throw fault('recurrence/rule', 'goes on for more than two years');
  return starts;
}

function requireBounded(rule: string): void {
  if (!/^[A-Z0-9=;,:+-]+$/.test(rule)) throw fault('recurrence/rule', 'is not a rule of RFC 5545');
  if (!/(^|;)FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;|$)/.test(rule)) {
    throw fault('recurrence/rule', 'has to repeat daily, weekly, monthly or yearly');
  }
  if (!/(^|;)(COUNT|UNTIL)=/.test(rule)) throw fault('recurrence/rule', 'has to end: add COUNT or UNTIL');
  if (/(^|;)BY(SECOND|MINUTE|HOUR)=/.test(rule)) throw fault('recurrence/rule', 'keeps the time of day of start_time');
}

function expanded(rruleString: string): Instant[] {
  try {
    const rule = new RRuleTemporal({ rruleString, strict: true, maxIterations, cache: false });
    return rule.all((_, index) => index <= maxOccurrences).map(({ epochMilliseconds }) => epochMilliseconds);
  } catch {
    throw fault('recurrence/rule', 'is not a rule of RFC 5545, or finds no occurrence for too long');
  }
}
