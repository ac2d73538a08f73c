import { Refusal } from '@agentcal/shared/kernel/refusal';
import { day, type Instant } from '@agentcal/shared/kernel/time';
import { isTimeZone } from '@agentcal/shared/scheduling/zone';
import { RRuleTemporal } from 'rrule-temporal';
import { fault } from '../calendar/requests/wire.ts';

/** What one series may come to: more is a request of its own. */
export const maxOccurrences = 100;
const longestMs = 2 * 366 * day;

/** Periods of two years: no rule is searched for longer, for a period may cost as much as it has days. */
const periods = { DAILY: 800, WEEKLY: 110, MONTHLY: 27, YEARLY: 4 } as const;

/**
 * The starts that a rule of RFC 5545 comes to, counted from a first one. They keep its wall time in that zone, across
 * changes of the clock; a date or wall time that does not exist is no occurrence, as the RFC says.
 *
 * @throws {Refusal} where the rule is none, does not end, or comes to too much
 */
export function occurrencesOf(start: Instant, { rule, timezone }: { rule: string; timezone: string }): Instant[] {
  if (!isTimeZone(timezone)) throw new Refusal('invalid_time_zone');
  const text = rule.replace(/^RRULE:/, '');
  const frequency = requireBounded(text);
  const first = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timezone);
  const wall = first.toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
  const starts = expanded(`DTSTART;TZID=${timezone}:${wall}\nRRULE:${text}`, periods[frequency], start + longestMs);
  if (starts[0] !== start) throw fault('recurrence/rule', 'has to have start_time as its first occurrence');
  if (starts.length > maxOccurrences) throw tooMany();
  if (starts.at(-1)! - start > longestMs) throw fault('recurrence/rule', 'goes on for more than two years');
  return starts;
}

/** The parts of RFC 5545 that keep the time of day of the first start. Other calendars (RFC 7529) are not computed with. */
const known = new Set([
  'FREQ',
  'UNTIL',
  'COUNT',
  'INTERVAL',
  'WKST',
  'BYMONTH',
  'BYWEEKNO',
  'BYYEARDAY',
  'BYMONTHDAY',
  'BYDAY',
  'BYSETPOS',
]);
const ofTheDay = new Set(['BYSECOND', 'BYMINUTE', 'BYHOUR']);

/** How often it repeats. The library would pass over a part that it does not know, or take the second of two of one name. */
function requireBounded(rule: string): keyof typeof periods {
  if (!/^[A-Z0-9=;,:+-]+$/.test(rule)) throw fault('recurrence/rule', 'is not a rule of RFC 5545');
  const parts = new Map<string, string>();
  for (const part of rule.split(';')) {
    const [name = '', value = '', ...more] = part.split('=');
    if (ofTheDay.has(name)) throw fault('recurrence/rule', 'keeps the time of day of start_time');
    if (!known.has(name))
      throw fault('recurrence/rule', `has a part that is not known: ${part.slice(0, 40) || 'an empty one'}`);
    if (value === '' || more.length > 0) throw fault('recurrence/rule', `has a part without one value: ${name}`);
    if (parts.has(name)) throw fault('recurrence/rule', `says ${name} twice`);
    parts.set(name, value);
  }
  const frequency = parts.get('FREQ') ?? '';
  if (!isFrequency(frequency)) throw fault('recurrence/rule', 'has to repeat daily, weekly, monthly or yearly');
  const count = parts.get('COUNT');
  if (count === undefined && !parts.has('UNTIL')) throw fault('recurrence/rule', 'has to end: add COUNT or UNTIL');
  if (count !== undefined && !/^[1-9]\d*$/.test(count)) throw fault('recurrence/rule', 'has to count from 1');
  if (Number(count) > maxOccurrences) throw tooMany();
  return frequency;
}

function tooMany(): Refusal {
  return fault('recurrence/rule', `comes to more than ${maxOccurrences} bookings`);
}

function isFrequency(text: string): text is keyof typeof periods {
  return Object.hasOwn(periods, text);
}

/** Stops behind the first occurrence that is one too many, or too late. */
function expanded(rruleString: string, maxIterations: number, latest: Instant): Instant[] {
  try {
    const rule = new RRuleTemporal({ rruleString, strict: true, maxIterations, cache: false });
    let isOver = false;
    const occurrences = rule.all(({ epochMilliseconds }, index) => {
      if (isOver) return false;
      isOver = epochMilliseconds > latest;
      return index <= maxOccurrences;
    });
    return occurrences.map(({ epochMilliseconds }) => epochMilliseconds);
  } catch {
    throw fault('recurrence/rule', 'is not a rule of RFC 5545, or finds no occurrence for too long');
  }
}
