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

/**
 * Holds every calendar of a log against every other: how many parts nobody has given back and no booking owns, how many
 * parts bookings own and do not have, and how many bookings there are.
 */
export async function audited(store: EventStore) {
  return createAudit(store)();
}

/** The same, for one who asks again and again: reads on from where it was. */
export function createAudit(store: EventStore) {
  const live = new Set<string>();
  const bookings = new Map<string, readonly string[]>();
  let after = 0n;
  return async () => {
    for (let more = true; more; ) {
      const { events } = await store.readAll({ after, maxCount: 1_000 });
      for (const event of events) take(event as unknown as Read);
      after = events.at(-1)?.position ?? after;
      more = events.length > 0;
    }
    const owned = new Set([...bookings.values()].flat());
    return {
      orphans: [...live].filter((part) => !owned.has(part)).length,
      missing: [...owned].filter((part) => !live.has(part)).length,
      bookings: bookings.size,
    };
  };

  function take({ type, data }: Read): void {
    if (type === 'calendar.part-claimed.v1') live.add(data.part_id!);
    if (type === 'calendar.part-released.v1') live.delete(data.part_id!);
    if (/^calendar\.booking-(created|requested|rescheduled)/.test(type)) {
      live.delete(data.part_id!);
      bookings.set(data.booking_id!, data.parts?.map(({ part_id }) => part_id) ?? []);
    }
    if (/^calendar\.booking-(cancelled|declined)/.test(type)) bookings.delete(data.booking_id!);
  }
}

/** Nothing but bookings, each with all that it owns. */
export const sound = { orphans: 0, missing: 0 };
