import { day, toIso } from '@agentcal/shared/kernel/time';
import fc from 'fast-check';
import type { Api } from '../api.fixture.ts';
import { attendee, type Body, everyHalfHour, from, openAccount, picks, rules, some, zone } from './worlds.fixture.ts';

/**
 * Several hosts: by slot id, with and without one of them named, with some who have been removed and some who are booked
 * already; and one after the other, whoever takes which part.
 */

const days = 9;
const host = fc.record({
  timezone: zone,
  rules: rules(10, { min: 8, max: 20 }, { minLength: 6, maxLength: 14 }),
  limits: fc.array(fc.record({ per: fc.constant('day'), count: fc.integer({ min: 1, max: 3 }) }), { maxLength: 1 }),
  role: fc.constantFrom({}, {}, { fixed: true }, { group: 'rooms' }, { group: 'people' }),
  removed: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});
export const team = fc.record({
  assignment: fc.constantFrom('collective', 'round_robin', 'round_robin'),
  hosts: fc.array(host, { minLength: 2, maxLength: 4 }),
  terms: fc.record({ duration_minutes: fc.constantFrom(30, 45, 60), buffer_after: fc.constantFrom(0, 15) }),
  /** Of a second event type with the same hosts, of whom any one is enough. */
  after: fc.record({ duration_minutes: fc.constantFrom(30, 60), buffer_before: fc.constantFrom(0, 15) }),
  gap: fc.constantFrom(0, 120, 1440),
  picks,
});
type Team = typeof team extends fc.Arbitrary<infer W> ? W : never;

/** @returns how many listed starts were taken, and how many others were refused as they had been explained */
export async function compareTeam(calls: Api, world: Team): Promise<{ taken: number; refused: number }> {
  const shop = await open(calls, world);
  await shop.bookSome(world.picks);
  let [taken, refused] = [0, 0];
  for (const named of [undefined, ...shop.hosts.slice(0, 2)]) {
    for (const slot of some(await shop.list(named), 8)) {
      const answer = await shop.tryOut({ slot_id: slot.slot_id });
      const said = `${slot.start_time} for ${named} is listed: ${JSON.stringify([slot, answer.body])}`;
      if (answer.status !== 200) throw new Error(said);
      const attending: string[] = answer.body.user_ids;
      if (attending.some((id) => !slot.user_ids.includes(id))) throw new Error(`others attend: ${said}`);
      if (named !== undefined && attending[0] !== named) throw new Error(`somebody else leads: ${said}`);
      taken += 1;
    }
    for (const start of some(everyHalfHour(days), 12)) {
      const told = await shop.explain(start, named);
      const answer = await shop.tryOut({ start_time: start, ...(named && { user_id: named }) });
      if (told.reason !== answer.body.code) {
        const { hosts, ...all } = told;
        const reasons = hosts?.map(({ user_id, reason }: Record<string, string>) => [user_id, reason]);
        const said = JSON.stringify([all, reasons]);
        throw new Error(`${start} for ${named}: ${said}, answered ${JSON.stringify(answer.body)}`);
      }
      if (answer.status !== 200) refused += 1;
    }
  }
  for (const { parts } of some(await shop.sequences(world.gap), 6)) {
    const answer = await shop.tryOutAll(parts.map(({ slot_id }) => ({ slot_id })));
    if (answer.status !== 200) throw new Error(`${JSON.stringify(parts)} is listed: ${JSON.stringify(answer.body)}`);
    taken += 1;
  }
  return { taken, refused };
}

interface Slot {
  readonly start_time: string;
  readonly user_ids: readonly string[];
  readonly slot_id: string;
}

async function open(calls: Api, { assignment, hosts, terms, after }: Team) {
  const account = await openAccount(calls);
  const members: { user_id: string; fixed?: boolean; group?: string }[] = [];
  for (const [i, { timezone, rules, limits, role }] of hosts.entries()) {
    const user = { name: `Host ${i}`, email: `host-${i}@shop.test`, timezone, limits };
    const { id: user_id } = await account.do('POST', '/users', user);
    await account.do('PUT', `/users/${user_id}/schedule`, { timezone, rules });
    members.push({ user_id, ...(assignment === 'round_robin' && role) });
  }
  const define = async (settings: object): Promise<string> => (await account.do('POST', '/event-types', settings)).id;
  const event_type_id = await define({ name: 'Talk', assignment, hosts: members, ...terms });
  const anybody = members.map(({ user_id }) => ({ user_id }));
  const second = await define({ name: 'Second talk', assignment: 'round_robin', hosts: anybody, ...after });
  for (const [i, { removed }] of hosts.entries()) {
    if (removed) await account.do('DELETE', `/users/${members[i]!.user_id}`);
  }
  const whose = (named: string | undefined) =>
    `event_type_id=${event_type_id}${named === undefined ? '' : `&user_id=${named}`}`;
  const dates = { start_date: toIso(from), end_date: toIso(from + days * day) };
  const list = async (named?: string): Promise<Slot[]> =>
    (await account.read(`/availability?${whose(named)}&${new URLSearchParams(dates)}`)).data;
  return {
    hosts: members.filter((_, i) => !hosts[i]!.removed).map(({ user_id }) => user_id),
    list,
    tryOut: (start: object) => account.tryOut('/bookings', { event_type_id, ...start, attendee }),
    tryOutAll: (parts: object[]) => account.tryOut('/sequences', { parts, attendee }),
    explain: (start: string, named?: string): Promise<Body> =>
      account.read(`/availability/explain?${whose(named)}&start_time=${start}`),
    sequences: async (max_gap_minutes: number): Promise<{ parts: Slot[] }[]> => {
      const parts = [{ event_type_id }, { event_type_id: second }];
      return (await account.ask('/availability/sequences', { parts, max_gap_minutes, limit: 50, ...dates })).data;
    },
    bookSome: async (picks: readonly number[]) => {
      for (const pick of picks) {
        const slots = await list();
        if (slots.length === 0) return;
        await account.do('POST', '/bookings', { slot_id: slots[pick % slots.length]!.slot_id, attendee });
      }
    },
  };
}
