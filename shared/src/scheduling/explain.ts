import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { explainLimits } from './explain-limits.ts';
import { HostStarts, isOnGrid } from './host-starts.ts';
import { judgeStart } from './judge.ts';
import type { Claim, Hours, SlotQuery, Verdict } from './model.ts';
import { planOf, zoneAt } from './plan.ts';
import { counts, earliestOf, floorMinute, type Rules, rulesOf } from './rules.ts';
import { windowOf } from './slots.ts';
import { openWindows } from './windows.ts';
import { toLocalIso } from './zone.ts';

/** One start, rule by rule: also what comes after the first rule that says no. */
export interface Explanation {
  /** What `judgeStart` says. */
  readonly verdict: Verdict;
  readonly rules: readonly RuleVerdict[];
}

export interface RuleVerdict {
  /** `hours` are the host's own; `opening_hours` those that hold besides them, where there are any (`within`). */
  readonly rule: 'duration' | 'notice' | 'booking_window' | 'hours' | 'opening_hours' | 'calendar' | 'limits' | 'grid';
  readonly ok: boolean;
  /** For a person, in English; times in the host's zone. Names no attendee. */
  readonly detail: string;
  /** What is in the way, or for hours what is open on that day. */
  readonly intervals?: readonly ExplainedInterval[];
}

export interface ExplainedInterval {
  readonly kind: 'open' | 'away' | 'busy' | 'hold' | 'booking';
  readonly start: Instant;
  readonly end: Instant;
  /** With the claim's own buffers, where it has any. */
  readonly bufferedStart?: Instant;
  readonly bufferedEnd?: Instant;
  /** Of a hold or booking. */
  readonly id?: string;
}

export function explainStart(query: SlotQuery & { readonly start: Instant }): Explanation {
  const verdict = judgeStart(query);
  const rules = rulesOf(query);
  if (!rules) return { verdict, rules: [offersDuration(query)] };
  const minute = floorMinute(query.start);
  // The clock and the window have their own verdicts; here the start is looked at as if they allowed it.
  const anyTime = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  const terms = { ...query.terms, min_notice_minutes: Math.min(0, (query.start - query.now) / msPerMinute - 1) };
  const starts = new HostStarts({ ...query, terms }, rules, { from: minute, to: minute + 1 }, anyTime);
  const joined = starts.map.joins.some(({ at }) => at * msPerMinute === query.start);
  return {
    verdict,
    rules: [
      offersDuration(query),
      keepsNotice(query),
      liesInWindow(query, rules),
      liesInHours(query, rules),
      ...(query.within ? [liesInOpeningHours(query, rules, query.within)] : []),
      isFree(query, rules, joined),
      keepsLimits(query, rules, joined),
      liesOnGrid(query, rules, starts, joined),
    ],
  };
}

function offersDuration(query: SlotQuery): RuleVerdict {
  const { duration_minutes, durations = [] } = query.terms;
  const asked = query.durationMinutes ?? duration_minutes;
  const offered = [...new Set([duration_minutes, ...durations])];
  const ok = offered.includes(asked);
  return { rule: 'duration', ok, detail: `${asked} minutes; offered are ${offered.join(', ')}` };
}

function keepsNotice(query: SlotQuery & { start: Instant }): RuleVerdict {
  const earliest = earliestOf(query);
  const detail = `The earliest start is ${local(query, earliest)}, ${query.terms.min_notice_minutes} minutes from now`;
  return { rule: 'notice', ok: query.start >= earliest, detail };
}

function liesInWindow(query: SlotQuery & { start: Instant }, rules: Rules): RuleVerdict {
  const window = windowOf(query, rules, floorMinute(query.start) + 1);
  const ok = query.start >= window.from && query.start < window.until;
  const from = Number.isFinite(window.from) ? `from ${local(query, window.from)}` : 'from now';
  const until = Number.isFinite(window.until) ? `until before ${local(query, window.until)}` : 'without an end so far';
  return { rule: 'booking_window', ok, detail: `Open for booking ${from} ${until}` };
}

function liesInHours(query: SlotQuery & { start: Instant }, rules: Rules): RuleVerdict {
  const { open, covered, meeting, text } = openOn(query, rules, query.host);
  const away = query.host.away.filter(({ start, end }) => start < end && start < meeting.end && end > meeting.start);
  const ok = covered && away.length === 0;
  const intervals = [...open, ...away.map(({ start, end }) => ({ kind: 'away' as const, start, end }))];
  return { rule: 'hours', ok, detail: `${text} is ${ok ? 'within' : 'not within'} the hours of that day`, intervals };
}

function liesInOpeningHours(query: SlotQuery & { start: Instant }, rules: Rules, hours: Hours): RuleVerdict {
  const { open: intervals, covered: ok, text } = openOn(query, rules, hours);
  const detail = `${text} is ${ok ? 'within' : 'not within'} the opening hours of that day`;
  return { rule: 'opening_hours', ok, detail, intervals };
}

/** What is open on the day of a start, by one schedule, and whether that covers the meeting. Times in the host's zone. */
function openOn(query: SlotQuery & { start: Instant }, { duration }: Rules, hours: Hours) {
  const start = floorMinute(query.start) * msPerMinute;
  const meeting = { start, end: start + duration * msPerMinute };
  const zone = zoneAt(planOf(hours), start);
  const day = zone.dayAt(start);
  const range = { from: zone.startOfDay(day), to: Math.max(meeting.end, zone.startOfDay(day + 1)) };
  const open = openWindows(hours, range).map((window) => ({ kind: 'open' as const, ...window }));
  const covered = open.some((window) => window.start <= meeting.start && window.end >= meeting.end);
  return { open, covered, meeting, text: `${local(query, meeting.start)} to ${local(query, meeting.end)}` };
}

function isFree(query: SlotQuery & { start: Instant }, rules: Rules, joined: boolean): RuleVerdict {
  const from = query.start - rules.before * msPerMinute;
  const to = query.start + (rules.duration + rules.after) * msPerMinute;
  const claims = query.host.claims.filter((claim) => {
    if (!counts(claim, query) || (joined && claim.start === query.start)) return false;
    return claim.start - claim.bufferBeforeMs < to && claim.end + claim.bufferAfterMs > from;
  });
  const busy = query.host.busy.filter(({ start, end }) => start < end && start < to && end > from);
  const intervals = [
    ...busy.map(({ start, end }) => ({ kind: 'busy' as const, start, end })),
    ...claims.map(explained),
  ];
  const ok = intervals.length === 0;
  const span = `${local(query, from)} to ${local(query, to)}, buffers included,`;
  return { rule: 'calendar', ok, detail: `${span} is ${ok ? 'free' : 'not free'}`, intervals };
}

function explained({ id, start, end, bufferBeforeMs, bufferAfterMs, expiresAt }: Claim): ExplainedInterval {
  const buffers = { bufferedStart: start - bufferBeforeMs, bufferedEnd: end + bufferAfterMs };
  return { kind: expiresAt === undefined ? 'booking' : 'hold', id, start, end, ...buffers };
}

function keepsLimits(query: SlotQuery & { start: Instant }, rules: Rules, joined: boolean): RuleVerdict {
  if (joined) return { rule: 'limits', ok: true, detail: 'A further attendee of a meeting that is counted already' };
  const limits = explainLimits(query, rules);
  if (limits.length === 0) return { rule: 'limits', ok: true, detail: 'There are no limits' };
  return { rule: 'limits', ok: limits.every(({ ok }) => ok), detail: limits.map(({ text }) => text).join('; ') };
}

function liesOnGrid(
  query: SlotQuery & { start: Instant },
  rules: Rules,
  starts: HostStarts,
  joined: boolean,
): RuleVerdict {
  if (joined) return { rule: 'grid', ok: true, detail: 'The start of a meeting that can be joined' };
  const minute = floorMinute(query.start);
  const ok = query.start === minute * msPerMinute && isOnGrid(starts, minute);
  if (query.terms.starts === 'any') return { rule: 'grid', ok, detail: 'Any whole minute' };
  const offset = rules.offset % rules.grid;
  const moved = offset === 0 ? '' : `, moved by ${offset}`;
  const zone = starts.grid.zoneAt(minute).id;
  return { rule: 'grid', ok, detail: `Starts are multiples of ${rules.grid} minutes of the hour in ${zone}${moved}` };
}

function local({ host }: SlotQuery, instant: Instant): string {
  return toLocalIso(instant, zoneAt(planOf(host), instant).id);
}
