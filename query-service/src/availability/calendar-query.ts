import { type PackedBusy, type PackedClaims, spanMs } from '@agentcal/projection-service/tables';
import type { Principal } from '@agentcal/shared/http/principal';
import type { Instant, Interval } from '@agentcal/shared/kernel/time';
import type { Pool } from 'pg';

/** Everything that decides which slots one user has, as Postgres answers it. */
export interface CalendarRow {
  readonly user_id: string;
  readonly timezone: string;
  readonly user_revision: number;
  /** JSON text, null for the default schedule. Parsed only where it has not been seen yet. */
  readonly schedule: string | null;
  readonly event_type_revision: number;
  readonly settings: string;
  readonly away: readonly (readonly [Instant, Instant])[] | null;
  readonly spans: readonly (readonly [number, PackedClaims, PackedBusy])[] | null;
}

export interface CalendarQuery {
  readonly accountId: string;
  /** Absent: the only host whom the event type names. */
  readonly userId?: string | undefined;
  readonly eventTypeId: string;
  readonly range: Interval;
  readonly now: Instant;
}

/**
 * Account, user, event type and calendar in one statement of one row, prepared once per connection: whoever lists slots
 * pays for one round trip. How much of the calendar has to be known is for the event type to say.
 */
export async function readCalendar(
  pool: Pool,
  { organizationId, livemode }: Principal,
  { accountId, userId, eventTypeId, range, now }: CalendarQuery,
): Promise<CalendarRow | undefined> {
  const values = [organizationId, livemode, accountId, userId, eventTypeId, range.start, range.end, now];
  const statement = userId === undefined ? ofOnlyHost : ofUser;
  const { rows } = await pool.query<CalendarRow>({ ...statement, values });
  return rows[0];
}

const textFor = (user: string) => `
  select u.id as user_id, u.timezone, u.revision as user_revision, u.schedule::text as schedule,
    e.revision as event_type_revision, e.settings::text as settings,
    (select json_agg(json_build_array(extract(epoch from w.start_time) * 1000, extract(epoch from w.end_time) * 1000))
      from read.away w
      where w.user_id = u.id and w.organization_id = $1 and w.livemode = $2
        and w.end_time > to_timestamp(reach.begin / 1000.0) and w.start_time < to_timestamp(reach.until / 1000.0)) as away,
    (select json_agg(json_build_array(s.span, s.claims, s.busy) order by s.span)
      from read.calendar_spans s
      where s.user_id = u.id and s.organization_id = $1 and s.livemode = $2
        and s.span between reach.begin / ${spanMs} and reach.until / ${spanMs}) as spans
  from read.accounts a
  join read.event_types e on e.account_id = a.id and e.id = $5 and e.organization_id = $1 and e.livemode = $2
  join read.users u on u.account_id = a.id and u.id = ${user} and u.organization_id = $1 and u.livemode = $2
  cross join lateral (
    select case when e.reach_from_now then least($6::bigint, $8::bigint - 86400000 * 2) else $6::bigint end - e.reach_before_ms as begin,
      $7::bigint + e.reach_after_ms as until
  ) reach
  where a.id = $3 and a.organization_id = $1 and a.livemode = $2`;

const onlyHost = `coalesce($4::text, case json_array_length((e.settings::json)->'hosts')
    when 1 then (e.settings::json)#>>'{hosts,0,user_id}' end)`;

const ofUser = { name: 'calendar', text: textFor('$4') };
const ofOnlyHost = { name: 'calendar-of-only-host', text: textFor(onlyHost) };
