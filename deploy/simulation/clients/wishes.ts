import { minute, toIso } from '@agentcal/shared/kernel/time';
import type { Random } from '../world/random.ts';
import type { ClientDeps } from './client.ts';
import type { Asked } from './history.ts';

/** What can be done next: ids that some client of the tenant was told. */
export interface Known {
  readonly holds: string[];
  readonly bookings: string[];
  readonly seats: { bookingId: string; seatId: string }[];
  readonly webhooks: string[];
  readonly away: { userId: string; awayId: string }[];
}

export const nothingKnown = (): Known => ({ holds: [], bookings: [], seats: [], webhooks: [], away: [] });

type Deps = Pick<ClientDeps, 'world' | 'tenant' | 'stranger'>;
type Maker = (deps: Deps, known: Known, key: string) => Asked | undefined;

/** Something that a client may want now. Nothing where there is nothing that it could be about. */
export function wish(deps: Deps, known: Known, key: string): Asked | undefined {
  return deps.world.random.pick(makers)(deps, known, key);
}

const makers: readonly Maker[] = [
  ...repeated(5, (deps, _known, key) => {
    return { method: 'POST', url: `${baseOf(deps)}/bookings`, key, body: { ...slot(deps), attendee: attendee(key) } };
  }),
  ...repeated(3, (deps, _known, key) => {
    const ttl_seconds = deps.world.random.pick([30, 45, 120, 600]);
    return { method: 'POST', url: `${baseOf(deps)}/holds`, key, body: { ...slot(deps), ttl_seconds } };
  }),
  ...repeated(3, (deps, { holds }, key) => {
    const hold_id = recent(holds, deps.world.random);
    if (hold_id === undefined) return undefined;
    return { method: 'POST', url: `${baseOf(deps)}/bookings`, key, body: { hold_id, attendee: attendee(key) } };
  }),
  ...repeated(2, (deps, _known, key) => {
    const { start_time, ...what } = slot(deps);
    const starts = [...new Set([start_time, start(deps), start(deps)])];
    const on_conflict = deps.world.random.pick(['all_or_nothing', 'as_many_as_fit']);
    return {
      method: 'POST',
      url: `${baseOf(deps)}/series`,
      key,
      body: { ...what, starts, on_conflict, attendee: attendee(key) },
    };
  }),
  (deps, _known, key) => {
    return {
      method: 'POST',
      url: `${baseOf(deps)}/sequences`,
      key,
      body: { parts: [slot(deps), slot(deps)], attendee: attendee(key) },
    };
  },
  (deps, { holds }, key) => {
    const holdId = recent(holds, deps.world.random);
    return holdId === undefined ? undefined : { method: 'DELETE', url: `${baseOf(deps)}/holds/${holdId}`, key };
  },
  ...repeated(
    3,
    aboutBooking('PATCH', '', (deps) => ({ start_time: start(deps) })),
  ),
  ...repeated(2, aboutBooking('DELETE', '')),
  ...repeated(2, aboutBooking('POST', '/confirm')),
  aboutBooking('POST', '/decline', (_deps, key) => ({ reason: `no ${key}` })),
  aboutBooking('POST', '/no-show'),
  (...args) => aboutWebhooks(...args),
  (...args) => aboutOffers(...args),
  (...args) => aboutWorkingHours(...args),
  (...args) => aboutAway(...args),
  (...args) => aboutSpareKey(...args),
  (deps, { seats }, key) => {
    const seat = recent(seats, deps.world.random);
    if (!seat) return undefined;
    return { method: 'DELETE', url: `${baseOf(deps)}/bookings/${seat.bookingId}/seats/${seat.seatId}`, key };
  },
];

/** Now and then an endpoint more, which hears only of some of what happens, and is removed again. */
const aboutWebhooks: Maker = ({ world: { random } }, { webhooks }, key) => {
  const webhookId = random.chance(0.5) ? webhooks.pop() : undefined;
  if (webhookId !== undefined) return { method: 'DELETE', url: `/v1/webhooks/${webhookId}`, key };
  const events = random.pick([['booking.created', 'booking.cancelled'], ['booking.rescheduled']]);
  return { method: 'POST', url: '/v1/webhooks', key, body: { url: endpointUrl, events } };
};

/** What can be booked changes while it is being booked. */
const aboutOffers: Maker = (deps, _known, key) => {
  const { random } = deps.world;
  const { id } = random.pick(deps.tenant.eventTypes);
  const buffers = { buffer_before: random.pick([0, 5, 10]), buffer_after: random.pick([0, 15]) };
  const change = random.pick([buffers, { min_notice_minutes: random.pick([0, 60]) }]);
  return { method: 'PATCH', url: `${baseOf(deps)}/event-types/${id}`, key, body: { name: key, ...change } };
};

const aboutWorkingHours: Maker = (deps, _known, key) => {
  const { random } = deps.world;
  const { userIds, timezone } = deps.tenant;
  const body = { timezone, rules: everyDay(random.pick(['00:00', '02:30', '06:00']), random.pick(['24:00', '21:00'])) };
  return { method: 'PUT', url: `${baseOf(deps)}/users/${random.pick(userIds)}/schedule`, key, body };
};

/** @param from wall time, as `to`; the same on every day of the week */
export function everyDay(from: string, to: string) {
  return [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, start_time: from, end_time: to }));
}

const aboutAway: Maker = (deps, { away }, key) => {
  const { random } = deps.world;
  const known = random.chance(0.5) ? away.pop() : undefined;
  if (known) return { method: 'DELETE', url: `${baseOf(deps)}/users/${known.userId}/away/${known.awayId}`, key };
  const from = Date.parse(start(deps));
  const body = { start_time: toIso(from), end_time: toIso(from + random.pick([30, 90]) * minute) };
  return { method: 'POST', url: `${baseOf(deps)}/users/${random.pick(deps.tenant.userIds)}/away`, key, body };
};

/** Once and for all; until then clients ask with it too. */
const aboutSpareKey: Maker = ({ world: { random }, tenant }, _known, key) =>
  random.chance(0.5) ? { method: 'DELETE', url: `/v1/keys/${tenant.spareKey.id}`, key, body: {} } : undefined;

export const endpointUrl = 'http://127.0.0.1:9/hook';

function aboutBooking(method: Asked['method'], path: string, bodyOf?: (deps: Deps, key: string) => object): Maker {
  return (deps, { bookings }, key) => {
    const bookingId = recent(bookings, deps.world.random);
    if (bookingId === undefined) return undefined;
    const body = bodyOf && { body: bodyOf(deps, key) };
    return { method, url: `${baseOf(deps)}/bookings/${bookingId}${path}`, key, ...body };
  };
}

/** The same request, asking for something else. */
export function otherPayload(deps: Deps, { body }: Asked): object {
  if ('rules' in (body as object)) return { ...(body as object), rules: everyDay('03:00', '23:00') };
  if ('name' in (body as object)) return { ...(body as object), name: 'another one' };
  if ('starts' in (body as object)) return { ...(body as object), starts: [start(deps)] };
  const change = 'start_time' in (body as object) ? { start_time: start(deps) } : otherReason(body as object);
  return { ...(body as object), ...change };
}

/** Somebody who wants the same; of a team often only the host who is claimed last. */
export function rivalOf({ world, tenant }: Deps, asked: Asked): Asked {
  const key = `${asked.key}-too`;
  const body = asked.body as { event_type_id?: string; start_time?: string };
  const isOfTeam = tenant.eventTypes.some(({ id, isTeam }) => isTeam && id === body.event_type_id);
  if (!isOfTeam || body.start_time === undefined || world.random.chance(0.3)) return { ...asked, key };
  const event_type_id = tenant.eventTypes.find(({ isTeam }) => !isTeam)!.id;
  return { ...asked, key, body: { ...body, event_type_id, user_id: tenant.userIds.toSorted().at(-1) } };
}

/** Where the body takes none, it is refused for its shape. */
function otherReason(body: object): object {
  return 'attendee' in body ? { metadata: { other: 'yes' } } : { reason: 'another one' };
}

function baseOf({ world: { random }, tenant, stranger }: Deps): string {
  return `/v1/accounts/${random.chance(0.03) ? stranger.accountId : tenant.accountId}`;
}

function slot(deps: Deps) {
  const { world, tenant, stranger } = deps;
  const { random } = world;
  const { id: event_type_id, isTeam } = random.pick(tenant.eventTypes);
  const user_id = random.pick(random.chance(0.03) ? stranger.userIds : tenant.userIds);
  return { ...((!isTeam || random.chance(0.2)) && { user_id }), event_type_id, start_time: start(deps) };
}

/** Mostly one of a few places that many want. */
function start({ world: { random, scheduler } }: Deps): string {
  const first = Math.ceil(scheduler.now / (30 * minute)) * 30 * minute + 30 * minute;
  const few = random.below(6) * 30;
  const many = random.chance(0.8) ? random.below(100) * 15 : random.below(40) * 5;
  return toIso(first + (random.chance(0.7) ? few : many) * minute);
}

function attendee(key: string) {
  return { email: `${key}@example.test`, name: `Guest ${key}` };
}

/** One of the last few. */
function recent<T>(known: readonly T[], random: Random): T | undefined {
  return known[known.length - 1 - random.below(Math.min(known.length, 6))];
}

function repeated(times: number, maker: Maker): Maker[] {
  return Array.from({ length: times }, () => maker);
}
