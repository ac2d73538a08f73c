import { spanMs } from '@agentcal/projection-service/tables';
import type { Principal } from '@agentcal/shared/http/principal';
import type { Interval } from '@agentcal/shared/kernel/time';
import type { Pool } from 'pg';
import type { UserCalendarRow } from './calendar-query.ts';

/**
 * The calendars of several users of one account in one statement. Who is not there is not among them; an account that
 * is not there has nobody.
 */
export async function readCalendars(
  pool: Pool,
  { organizationId, livemode }: Principal,
  { accountId, userIds, range }: { accountId: string; userIds: readonly string[]; range: Interval },
): Promise<UserCalendarRow[]> {
  const values = [organizationId, livemode, accountId, userIds, range.start, range.end];
  const { rows } = await pool.query<UserCalendarRow>({ name: 'calendars', text, values });
  return rows;
}

const text = `
  select u.id as user_id, u.timezone, u.schedule::text as schedule,
    (select json_agg(json_build_array(extract(epoch from w.start_time) * 1000, extract(epoch from w.end_time) * 1000))::text
      from read.away w
      where w.user_id = u.id and w.organization_id = $1 and w.livemode = $2
        and w.end_time > to_timestamp($5::bigint / 1000.0) and w.start_time < to_timestamp($6::bigint / 1000.0)) as away,
    (select json_agg(json_build_array(s.span, s.claims, s.busy) order by s.span)::text
      from read.calendar_spans s
      where s.user_id = u.id and s.organization_id = $1 and s.livemode = $2
        and s.span between $5::bigint / ${spanMs} and $6::bigint / ${spanMs}) as spans
  from read.accounts a
  join read.users u on u.account_id = a.id and u.id = any($4::text[]) and u.organization_id = $1 and u.livemode = $2
  where a.id = $3 and a.organization_id = $1 and a.livemode = $2`;
