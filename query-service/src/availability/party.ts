import { Refusal } from '@agentcal/shared/kernel/refusal';
import { leadOf, type TeamHost, type TeamQuery, takesOne } from '@agentcal/shared/scheduling/assignment';
import type { HostCalendar, SlotQuery } from '@agentcal/shared/scheduling/model';
import { type EventTypeSettings, isRemoved } from './host.ts';
import type { StartsQuery } from './starts.ts';

/** Who is asked about one event type, out of what is set and who was named. Pure. */
export interface Party {
  readonly query: StartsQuery;
  /** In whose zone times are shown where nobody names one. Undefined where nobody is there. */
  readonly leadId: string | undefined;
  readonly books: 'first' | 'assigned';
}

/** Where in the request a missing user would have been named. */
export type Part = 'query' | 'body';

interface PartyDeps {
  /** Of one who is not there any more too (`removedHost`). */
  readonly calendarOf: (userId: string) => HostCalendar;
  readonly part: Part;
  /** Whoever is named has a booking of it already. */
  readonly booked?: boolean | undefined;
}

/**
 * As a booking would be decided that names one of the users, or nobody. Where one user is enough, those who are named are
 * asked each for themselves, and a start is good where one of them can take it. Where it takes several (`isTeam`), whoever
 * is named has to be among them.
 *
 * @throws {Refusal} `host_unavailable`, `invalid_request`
 */
export function partyOf(
  settings: EventTypeSettings,
  userIds: readonly string[],
  common: Omit<SlotQuery, 'host'>,
  { calendarOf, part, booked }: PartyDeps,
): Party {
  if (userIds.length > 0) {
    if (!booked) for (const userId of userIds) requireHost(settings, userId);
    if (isTeam(settings)) {
      return { query: { ...teamOf(settings, common, calendarOf), oneOf: userIds }, leadId: userIds[0], books: 'first' };
    }
    const hosts = userIds.map((userId) => ({ calendar: calendarOf(userId) }));
    const query: StartsQuery =
      hosts.length === 1 ? { ...common, host: hosts[0]!.calendar } : { ...common, assignment: 'round_robin', hosts };
    return { query, leadId: userIds[0], books: 'first' };
  }
  if ((settings.assignment ?? 'single') === 'single') {
    const host = calendarOf(onlyHost(settings, part));
    if (isRemoved(host)) throw new Refusal('host_unavailable', 'The host of the event type has been removed');
    return { query: { ...common, host }, leadId: host.userId, books: 'first' };
  }
  const query = teamOf(settings, common, calendarOf);
  const candidates = [leadOf(query), ...query.hosts];
  const lead = candidates.find((host) => host && !isRemoved(host.calendar));
  return { query, leadId: lead?.calendar.userId, books: 'assigned' };
}

/** Whether a meeting takes several hosts, so that naming one of them does not make it theirs alone. */
export function isTeam({ assignment = 'single', hosts = [], groups = [] }: EventTypeSettings): boolean {
  if (assignment === 'single' || hosts.length <= 1) return false;
  return !takesOne({ assignment, groups, hosts });
}

function teamOf(
  { assignment = 'single', hosts = [], groups = [] }: EventTypeSettings,
  common: Omit<SlotQuery, 'host'>,
  calendarOf: (userId: string) => HostCalendar,
): TeamQuery {
  const members = hosts.map(({ user_id, ...host }): TeamHost => ({ ...host, calendar: calendarOf(user_id) }));
  return { ...common, assignment, hosts: members, groups };
}

/** As a booking would be refused: what is listed can be booked. */
function requireHost({ hosts = [] }: EventTypeSettings, userId: string): void {
  if (hosts.length === 0 || hosts.some(({ user_id }) => user_id === userId)) return;
  throw new Refusal('host_unavailable', 'The user is not a host of the event type');
}

function onlyHost({ hosts = [] }: EventTypeSettings, part: Part): string {
  const [only] = hosts;
  if (only && hosts.length === 1) return only.user_id;
  const fault = { pointer: `/${part}/user_id`, detail: 'is required: the event type does not name one host' };
  throw new Refusal('invalid_request', `${fault.pointer} ${fault.detail}`, { errors: [fault] });
}
