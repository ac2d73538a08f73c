import type { Principal } from '@agentcal/shared/http/principal';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant } from '@agentcal/shared/kernel/time';
import { holidaysAround } from '@agentcal/shared/scheduling/holidays';
import type { HostCalendar, Terms } from '@agentcal/shared/scheduling/model';
import type { ReadDeps } from '../deps.ts';
import { found, owned } from '../tenant.ts';
import { type CalendarQuery, type CalendarRow, readCalendar } from './calendar-query.ts';
import { createUnpack, type EventTypeSettings } from './host.ts';

/** One user's calendar as far as it was asked for, and the terms by which it is to be judged. */
export interface LoadedCalendar {
  readonly userId: string;
  /** The user's: in which times are shown unless somebody names another. */
  readonly timezone: string;
  readonly terms: Terms;
  readonly host: HostCalendar;
}

/** Where in the request a missing user would have been named. */
type Part = 'query' | 'body';

/**
 * Reads what slots follow from, for every question about them: so all of them know the same calendar.
 *
 * @throws {Refusal} `not_found`, `host_unavailable`
 */
export function createLoad({ pool, db }: Pick<ReadDeps, 'pool' | 'db'>) {
  const unpack = createUnpack();
  return async (principal: Principal, query: CalendarQuery, part: Part): Promise<LoadedCalendar> => {
    const row = await readCalendar(pool, principal, query);
    if (!row) throw await whyNone(db, principal, query, part);
    const settings = unpack.settings(query.eventTypeId, row);
    requireHost(settings, row);
    const host = await withHolidays(unpack.host(row.user_id, row), query.now);
    return { userId: row.user_id, timezone: row.timezone, terms: settings.terms, host };
  };
}

export type LoadCalendar = ReturnType<typeof createLoad>;

export async function withHolidays(host: HostCalendar, now: Instant): Promise<HostCalendar> {
  const { holidays } = host.schedule;
  return holidays ? { ...host, holidays: await holidaysAround(holidays, new Date(now).getUTCFullYear()) } : host;
}

/** As a booking would be refused: what is listed can be booked. */
function requireHost({ hosts = [] }: EventTypeSettings, { user_id: userId }: CalendarRow): void {
  if (hosts.length === 0 || hosts.some(({ user_id }) => user_id === userId)) return;
  throw new Refusal('host_unavailable', 'The user is not a host of the event type');
}

async function whyNone(db: ReadDeps['db'], principal: Principal, query: CalendarQuery, part: Part): Promise<Refusal> {
  if (query.userId !== undefined) return new Refusal('not_found', 'There is no such account, user or event type');
  const { accountId, eventTypeId } = query;
  const eventTypes = owned(db, 'event_types', principal).where('event_types.account_id', '=', accountId);
  found(await eventTypes.select('event_types.id').where('event_types.id', '=', eventTypeId).executeTakeFirst());
  const fault = { pointer: `/${part}/user_id`, detail: 'is required: the event type does not name one host' };
  return new Refusal('invalid_request', `${fault.pointer} ${fault.detail}`, { errors: [fault] });
}
