import type { EventStore } from '@agentcal/shared/event-store/port';
import { openShop } from '../calendar/http.fixture.ts';

/** A shop with three more hosts and an event type for each way in which they can be booked. */
export async function openTeamShop(t: Parameters<typeof openShop>[0], options: Parameters<typeof openShop>[1] = {}) {
  const shop = await openShop(t, options);
  const { made, account, define } = shop;
  const hire = (name: string, more: object = {}) =>
    made(`${account}/users`, { name, email: `${name.toLowerCase()}@acme.test`, timezone: 'UTC', ...more });
  const users: string[] = [];
  for (const name of ['Ada', 'Ben', 'Cleo']) users.push(await hire(name));
  const hosts = users.map((user_id) => ({ user_id }));
  const team = await define({ name: 'Team', assignment: 'collective', hosts });
  const anyone = await define({ name: 'Anyone', assignment: 'round_robin', hosts });
  const book = (event_type_id: string, change: object = {}, more: object = {}) =>
    shop.send('POST', `${account}/bookings`, shop.booking({ event_type_id, user_id: undefined, ...change }), more);
  return { ...shop, hire, users, hosts, team, anyone, book };
}

/** What of an event is looked at here. */
interface Read {
  readonly type: string;
  readonly data: {
    readonly part_id?: string;
    readonly booking_id?: string;
    readonly parts?: readonly { readonly part_id: string }[];
  };
}

/** What every calendar of a log has claimed that neither was given back nor became a booking. */
export async function claimsLeft(
  store: EventStore,
): Promise<{ readonly parts: string[]; readonly bookings: string[] }> {
  const parts = new Set<string>();
  const bookings = new Set<string>();
  const owned = new Map<string, readonly { part_id: string }[]>();
  const { events } = await store.readAll({ after: 0n, maxCount: 100_000 });
  for (const { type, data } of events as readonly Read[]) {
    if (type === 'calendar.part-claimed.v1') parts.add(data.part_id!);
    if (type === 'calendar.part-released.v1') parts.delete(data.part_id!);
    if (/^calendar\.booking-(created|requested|rescheduled)/.test(type)) {
      parts.delete(data.part_id!);
      bookings.add(data.booking_id!);
      if (data.parts) owned.set(data.booking_id!, data.parts);
    }
    if (/^calendar\.booking-(cancelled|declined)/.test(type)) {
      bookings.delete(data.booking_id!);
      owned.delete(data.booking_id!);
    }
  }
  for (const of of owned.values()) for (const { part_id } of of) parts.delete(part_id);
  return { parts: [...parts], bookings: [...bookings] };
}
