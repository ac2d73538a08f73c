import { type PackedBusy, type PackedClaims, spanMs } from '@agentcal/projection-service/tables';
import type { Principal } from '@agentcal/shared/http/principal';
import { day, type Instant, type Interval } from '@agentcal/shared/kernel/time';
import type { Limit } from '@agentcal/shared/scheduling/model';
import type { Pool } from 'pg';
import { mostHostDays } from './host-days.ts';

/** What makes one user's time working time or busy, as Postgres answers it. */
export interface UserCalendarRow {
  readonly user_id: string;
  readonly timezone: string;
  readonly user_revision: number;
  /** JSON text, null for the default schedule. Parsed only where it has not been seen yet. */
  readonly schedule: string | null;
  /** The user's own. Where they do not matter they are not asked for. */
  readonly limits?: readonly Limit[] | null;
  readonly away: readonly (readonly [Instant, Instant])[] | null;
  readonly spans: readonly (readonly [number, PackedClaims, PackedBusy])[] | null;
}

export interface EventTypeRow {
  readonly event_type_revision: number;
  readonly settings: string;
  readonly account_revision: number;
  /** JSON text of the account's hours, null where it has none. */
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
}

/**
 * Account, user, event type and calendar in one statement of one row, prepared once per connection: whoever lists slots
 * of a user pays for one round trip. How much of the calendar has to be known is for the event type to say.
 */
export async function readCalendar(
  pool: Pool,
  principal: Principal,
  query: CalendarsQuery,
): Promise<CalendarRow | undefined> {
  const values = valuesOf(principal, query, query.userIds[0]);
  const { rows } = await pool.query<CalendarRow>({ name: 'calendar', text: ofUser, values });
  return rows[0];
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
  const values = valuesOf(principal, query, query.userIds.length === 0 ? null : query.userIds);
  const { rows } = await pool.query<CalendarRow>({ name: 'calendars-of-hosts', text: ofHosts, values });
  const [eventType, ...users] = rows;
  return { eventType, users };
}

function valuesOf({ organizationId, livemode }: Principal, query: CalendarsQuery, who: unknown): unknown[] {
  const { accountId, eventTypeId, range, now } = query;
  return [organizationId, livemode, accountId, who, eventTypeId, range.start, range.end, now];
}

const user = `u.id as user_id, u.timezone, u.revision as user_revision, u.schedule::text as schedule, u.limits`;
const eventType = `e.revision as event_type_revision, e.settings::text as settings,
    a.revision as account_revision, a.schedule::text as account_schedule`;

const away = `(select json_agg(json_build_array(extract(epoch from w.start_time) * 1000, extract(epoch from w.end_time) * 1000))
      from read.away w
      where w.user_id = u.id and w.organization_id = $1 and w.livemode = $2
        and w.end_time > to_timestamp(reach.begin / 1000.0) and w.start_time < to_timestamp(reach.until / 1000.0)) as away`;

const spans = `(select json_agg(json_build_array(s.span, s.claims, s.busy) order by s.span)
      from read.calendar_spans s
      where s.user_id = u.id and s.organization_id = $1 and s.livemode = $2
        and s.span between reach.begin / ${spanMs} and reach.until / ${spanMs}) as spans`;

const theEventType = `read.accounts a
  join read.event_types e on e.account_id = a.id and e.id = $5 and e.organization_id = $1 and e.livemode = $2`;
const theAccount = `a.id = $3 and a.organization_id = $1 and a.livemode = $2`;

const reach = `cross join lateral (
    select case when e.reach_from_now then least($6::bigint, $8::bigint - 86400000 * 2) else $6::bigint end
        - e.reach_before_ms - u.limits_reach_ms as begin,
      $7::bigint + e.reach_after_ms + u.limits_reach_ms as until
  ) reach`;

const ofUser = `
  select ${user}, ${eventType}, ${away}, ${spans}
  from ${theEventType}
  join read.users u on u.account_id = a.id and u.id = $4 and u.organization_id = $1 and u.livemode = $2
  ${reach}
  where ${theAccount}`;

const ofHosts = `
  select null as user_id, null as timezone, null::integer as user_revision, null as schedule, null::json as limits, ${eventType},
    null::json as away, null::json as spans
  from ${theEventType}
  where ${theAccount}
  union all
  select ${user}, null, null, null, null, ${away}, ${spans}
  from ${theEventType}
  cross join lateral (
    select coalesce($4::text[], array(select host->>'user_id' from json_array_elements(e.settings->'hosts') host)) as ids
  ) asked
  join read.users u on u.account_id = a.id and u.id = any(asked.ids) and u.organization_id = $1 and u.livemode = $2
    and (cardinality(asked.ids) <= 1 or cardinality(asked.ids) * ($7::bigint - $6::bigint) <= ${mostHostDays * day})
  ${reach}
  where ${theAccount}`;
