import type { Principal } from '@agentcal/shared/http/principal';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant } from '@agentcal/shared/kernel/time';
import { holidaysAround } from '@agentcal/shared/scheduling/holidays';
import type { HostCalendar, Hours, Schedule } from '@agentcal/shared/scheduling/model';
import type { Pool } from 'pg';
import { type CalendarsQuery, createReadCalendar, readHosts, type UserCalendarRow } from './calendar-query.ts';
import { createUnpack, type EventTypeSettings, removedHost } from './host.ts';
import { requireHostDays } from './host-days.ts';
import { isTeam, type Part, partyOf } from './party.ts';
import type { StartsQuery } from './starts.ts';

/** What slots follow from, as far as it was asked for: one user's calendar or several, and the terms. */
export interface Calendars {
  /** In which times are shown unless somebody names another zone: the user's, or the leading host's. */
  readonly timezone: string;
  readonly query: StartsQuery;
  /** Whom a slot id books: the first who can of those who were asked about, or whom the event type then assigns. */
  readonly books: 'first' | 'assigned';
  /** Where hours hold besides the hosts' own: the rule that they are. The event type's go before the account's. */
  readonly hoursRule?: 'event_type_hours' | 'account_hours';
}

/**
 * Reads what slots follow from, for every question about them: so all of them know the same calendars.
 *
 * @throws {Refusal} `not_found`, `host_unavailable`, `range_too_long`
 */
export function createLoad(pool: Pool) {
  const unpack = createUnpack();
  const readCalendar = createReadCalendar(pool);
  const ready = (row: UserCalendarRow, now: Instant) => withHolidays(unpack.host(row.user_id, row), now);

  const ofUser = async (principal: Principal, query: CalendarsQuery): Promise<Loaded> => {
    const row = await readCalendar(principal, query);
    if (!row) throw new Refusal('not_found', 'There is no such account, user or event type');
    const host = await ready(row, query.now);
    return {
      settings: unpack.settings(query.eventTypeId, row),
      accountHours: unpack.accountHours(query.accountId, row),
      rows: [row],
      calendars: new Map([[host.userId, host]]),
    };
  };

  const ofSeveral = async (principal: Principal, query: CalendarsQuery): Promise<Loaded> => {
    const { eventType, users: rows } = await readHosts(pool, principal, query);
    if (!eventType) throw new Refusal('not_found', 'There is no such account or event type');
    const settings = unpack.settings(query.eventTypeId, eventType);
    const asked = query.userIds.length > 0 ? query.userIds : (settings.hosts ?? []).map(({ user_id }) => user_id);
    requireHostDays(asked.length, query.range);
    const calendars = new Map(
      await Promise.all(rows.map(async (row) => [row.user_id, await ready(row, query.now)] as const)),
    );
    const missing = query.userIds.find((userId) => !calendars.has(userId));
    if (missing !== undefined) throw new Refusal('not_found', `There is no user ${missing} in the account`);
    return { settings, accountHours: unpack.accountHours(query.accountId, eventType), rows, calendars };
  };

  return async (principal: Principal, query: CalendarsQuery, part: Part): Promise<Calendars> => {
    const { userIds, eventTypeId, now, booked } = query;
    const known = await (userIds.length === 1 ? ofUser : ofSeveral)(principal, query);
    const others = userIds.length > 0 && isTeam(known.settings);
    const { settings, accountHours, rows, calendars } = others
      ? await ofSeveral(principal, { ...query, userIds: [] })
      : known;
    const hours = settings.hours ?? accountHours;
    const within = hours && (await hoursOf(hours, now));
    const common = { terms: settings.terms, eventTypeId, now, ...(within && { within }) };
    const calendarOf = (userId: string) => calendars.get(userId) ?? removedHost(userId);
    const { leadId, ...party } = partyOf(settings, userIds, common, { calendarOf, part, booked });
    return {
      ...party,
      timezone: rows.find(({ user_id }) => user_id === leadId)?.timezone ?? 'UTC',
      ...(hours && { hoursRule: settings.hours ? 'event_type_hours' : 'account_hours' }),
    };
  };
}

export type LoadCalendars = ReturnType<typeof createLoad>;

interface Loaded {
  readonly settings: EventTypeSettings;
  readonly accountHours: Schedule | undefined;
  readonly rows: readonly UserCalendarRow[];
  /** Of everybody who is there. */
  readonly calendars: ReadonlyMap<string, HostCalendar>;
}

async function hoursOf(schedule: Schedule, now: Instant): Promise<Hours> {
  const { holidays } = schedule;
  return holidays
    ? { schedule, holidays: await holidaysAround(holidays, new Date(now).getUTCFullYear()) }
    : { schedule };
}

export async function withHolidays(host: HostCalendar, now: Instant): Promise<HostCalendar> {
  return host.schedule.holidays ? { ...host, ...(await hoursOf(host.schedule, now)) } : host;
}
