import { spanMs } from '@agentcal/projection-service/tables';
import type { Principal } from '@agentcal/shared/http/principal';
import { day, type Instant, type Interval } from '@agentcal/shared/kernel/time';
import type { Pool } from 'pg';
import { mostHostDays } from './host-days.ts';
import { askTogether } from './together.ts';

/** What makes one user's time working time or busy, as Postgres answers it: JSON as text, parsed only where it is not known yet. */
export interface UserCalendarRow {
  readonly user_id: string;
  readonly timezone: string;
  /** Null for the default schedule. */
  readonly schedule: string | null;
  /** The user's own. Where they do not matter they are not asked for. */
  readonly limits?: string | null;
  /** Instants: of each time its start and its end. */
  readonly away: string | null;
  /** Of each span its number, its claims and its busy time, packed. */
  readonly spans: string | null;
}

export interface EventTypeRow {
  readonly settings: string;
  /** Of the account's hours, null where it has none. */
  readonly account_schedule: string | null;
}

export type CalendarRow = UserCalendarRow & EventTypeRow;

export interface CalendarsQuery {
  readonly accountId: string;
  /** Empty: the hosts whom the event type names. */
  readonly userIds: readonly string[];
  readonly eventTypeId: string;
  readonly range: Interval;
  readonly now: Instant;
  /** A booking is to be moved: its event type may have been retired, and have dropped the host who is named. */
  readonly booked?: boolean;
}

/** Reads the calendar of the one user who is named. */
export type ReadCalendar = (principal: Principal, query: CalendarsQuery) => Promise<CalendarRow | undefined>;

/**
 * Account, user, event type and calendar are one row, and those of several requests one statement, prepared once per
 * connection. How much of a calendar has to be known is for the event type to say.
 */
export function createReadCalendar(pool: Pool): ReadCalendar {
  const ask = askTogether(async (asked: readonly object[]) => {
    const values = [JSON.stringify(asked.map((one, n) => ({ n, ...one })))];
    const { rows } = await pool.query<CalendarRow & { n: number }>({ name: 'calendars-of-one', text: ofOne, values });
    const answers = new Array<CalendarRow | undefined>(asked.length);
    for (const row of rows) answers[row.n] = row;
    return answers;
  });
  return ({ organizationId, livemode }, { accountId, userIds: [userId], eventTypeId, range, now, booked }) =>
    ask({
      organization_id: organizationId,
      livemode,
      account_id: accountId,
      user_id: userId,
      event_type_id: eventTypeId,
      start: range.start,
      end: range.end,
      now,
      booked,
    });
}

/**
 * The same for several users: those who are named, or the hosts of the event type. One row more, which comes first, is the
 * event type's: its text is long where hosts are many. Users who are not there have no row, and where it would be too many
 * days of too many hosts nobody has.
 */
export async function readHosts(
  pool: Pool,
  principal: Principal,
  query: CalendarsQuery,
): Promise<{ eventType: EventTypeRow | undefined; users: readonly UserCalendarRow[] }> {
  const { organizationId, livemode } = principal;
  const { accountId, userIds, eventTypeId, range, now, booked = false } = query;
  const named = userIds.length === 0 ? null : userIds;
  const values = [organizationId, livemode, accountId, named, eventTypeId, range.start, range.end, now, booked];
  const { rows } = await pool.query<CalendarRow>({ name: 'calendars-of-hosts', text: ofHosts, values });
  const [eventType, ...users] = rows;
  return { eventType, users };
}

const user = 'u.id as user_id, u.timezone, u.schedule::text as schedule, u.limits::text as limits';
const eventType = 'e.settings::text as settings, a.schedule::text as account_schedule';

/** How much of the calendar has to be known. @param q - where what was asked for stands */
const reachOf = (q: { start: string; end: string; now: string }) => `(
    select case when e.reach_from_now then least(${q.start}, ${q.now} - ${2 * day}) else ${q.start} end
        - e.reach_before_ms - u.limits_reach_ms as begin,
      ${q.end} + e.reach_after_ms + u.limits_reach_ms as until
  ) reach`;

const calendar = `
    (select json_agg(json_build_array(extract(epoch from w.start_time) * 1000, extract(epoch from w.end_time) * 1000))::text
      from read.away w
      where w.user_id = u.id and w.organization_id = u.organization_id and w.livemode = u.livemode
        and w.end_time > to_timestamp(reach.begin / 1000.0) and w.start_time < to_timestamp(reach.until / 1000.0)) as away,
    (select json_agg(json_build_array(s.span, s.claims, s.busy) order by s.span)::text
      from read.calendar_spans s
      where s.user_id = u.id and s.organization_id = u.organization_id and s.livemode = u.livemode
        and s.span between reach.begin / ${spanMs} and reach.until / ${spanMs}) as spans`;

/** Each found by its key before the next: so the plan is the same for one question and for many. */
const ofOne = `
  select q.n, ${user}, ${eventType}, ${calendar}
  from json_to_recordset($1::json) as q (
    n integer, organization_id text, livemode boolean, account_id text, user_id text, event_type_id text,
    "start" bigint, "end" bigint, now bigint, booked boolean)
  cross join lateral (select * from read.accounts a
    where a.id = q.account_id and a.organization_id = q.organization_id and a.livemode = q.livemode offset 0) a
  cross join lateral (select * from read.event_types e
    where e.id = q.event_type_id and e.account_id = a.id and (q.booked or not e.retired)
      and e.organization_id = q.organization_id and e.livemode = q.livemode offset 0) e
  cross join lateral (select * from read.users u
    where u.id = q.user_id and u.account_id = a.id
      and u.organization_id = q.organization_id and u.livemode = q.livemode offset 0) u
  cross join lateral ${reachOf({ start: 'q.start', end: 'q."end"', now: 'q.now' })}`;

const theEventType = `read.accounts a
  join read.event_types e on e.account_id = a.id and e.id = $5 and e.organization_id = $1 and e.livemode = $2
    and ($9::boolean or not e.retired)`;
const theAccount = 'a.id = $3 and a.organization_id = $1 and a.livemode = $2';

const ofHosts = `
  select null as user_id, null as timezone, null as schedule, null as limits, ${eventType}, null as away, null as spans
  from ${theEventType}
  where ${theAccount}
  union all
  select ${user}, null, null, ${calendar}
  from ${theEventType}
  cross join lateral (
    select coalesce($4::text[], array(select host->>'user_id' from json_array_elements(e.settings->'hosts') host)) as ids
  ) asked
  join read.users u on u.account_id = a.id and u.id = any(asked.ids) and u.organization_id = $1 and u.livemode = $2
    and (cardinality(asked.ids) <= 1 or cardinality(asked.ids) * ($7::bigint - $6::bigint) <= ${mostHostDays * day})
  cross join lateral ${reachOf({ start: '$6::bigint', end: '$7::bigint', now: '$8::bigint' })}
  where ${theAccount}`;
