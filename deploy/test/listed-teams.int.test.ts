import { day, minute, toIso } from '@agentcal/shared/kernel/time';
import fc from 'fast-check';
import t from 'tap';
import { type Answer, type Api, api } from './api.fixture.ts';
import { startProduct } from './product.fixture.ts';

/**
 * What the read side lists and explains of random teams is what the write side decides, over HTTP: by slot id, with and
 * without a host named, with hosts who have been removed and hosts who are booked already.
 */
t.test('a start that is listed for a team can be booked, and an explanation ends as a booking would', async (t) => {
  const { product } = await startProduct(t);
  const calls = api(product.url, product.testKeys.secretKey);
  let [taken, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(world, async (world) => {
      const shop = await open(calls, world);
      await shop.bookSome(world.picks);
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
        for (const start of some(everyHalfHour, 12)) {
          const told = await shop.explain(start, named);
          const answer = await shop.tryOut({ start_time: start, ...(named && { user_id: named }) });
          if (told.reason !== answer.body.code) {
            const { hosts, ...team } = told;
            const reasons = hosts?.map(({ user_id, reason }: Record<string, string>) => [user_id, reason]);
            throw new Error(
              `${start} for ${named}: ${JSON.stringify([team, reasons])}, answered ${JSON.stringify(answer.body)}`,
            );
          }
          if (answer.status !== 200) refused += 1;
        }
      }
    }),
    { numRuns: 14, endOnFailure: true },
  );
  t.comment(`${taken} starts could be booked, ${refused} were refused as explained`);
  t.ok(taken > 0 && refused > 0);
});

/** Far enough ahead that the present is in nobody's way. */
const from = Math.ceil((Date.now() + 3 * day) / day) * day;
const until = from + 9 * day;
const everyHalfHour = Array.from({ length: 9 * 48 }, (_, i) => toIso(from + i * 30 * minute));

const zone = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
const rule = fc
  .record({
    day_of_week: fc.integer({ min: 0, max: 6 }),
    start: fc.integer({ min: 0, max: 10 }),
    hours: fc.integer({ min: 8, max: 20 }),
  })
  .map(({ day_of_week, start, hours }) => ({
    day_of_week,
    start_time: clock(start),
    end_time: clock(Math.min(24, start + hours)),
  }));
const host = fc.record({
  timezone: zone,
  rules: fc.array(rule, { minLength: 6, maxLength: 14 }),
  limits: fc.array(fc.record({ per: fc.constant('day'), count: fc.integer({ min: 1, max: 3 }) }), { maxLength: 1 }),
  role: fc.constantFrom({}, {}, { fixed: true }, { group: 'rooms' }, { group: 'people' }),
  removed: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});
const world = fc.record({
  assignment: fc.constantFrom('collective', 'round_robin', 'round_robin'),
  hosts: fc.array(host, { minLength: 2, maxLength: 4 }),
  terms: fc.record({ duration_minutes: fc.constantFrom(30, 45, 60), buffer_after: fc.constantFrom(0, 15) }),
  /** Which of the listed starts are booked. */
  picks: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

interface Slot {
  readonly start_time: string;
  readonly user_ids: readonly string[];
  readonly slot_id: string;
}

async function open({ send, get }: Api, { assignment, hosts, terms, picks: _ }: World) {
  let position = '';
  const must = async (answer: Promise<Answer>): Promise<string> => {
    const { status, body, headers } = await answer;
    if (status >= 300) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
    position = headers.get('agentcal-position') ?? position;
    return body.id;
  };
  const account = `/v1/accounts/${await must(send('POST', '/v1/accounts', { name: 'Shop' }))}`;
  const members: { user_id: string; fixed?: boolean; group?: string }[] = [];
  for (const [i, { timezone, rules, limits, role }] of hosts.entries()) {
    const user = { name: `Host ${i}`, email: `host-${i}@shop.test`, timezone, limits };
    const user_id = await must(send('POST', `${account}/users`, user));
    await must(send('PUT', `${account}/users/${user_id}/schedule`, { timezone, rules }));
    members.push({ user_id, ...(assignment === 'round_robin' && role) });
  }
  const settings = { name: 'Talk', assignment, hosts: members, ...terms };
  const event_type_id = await must(send('POST', `${account}/event-types`, settings));
  for (const [i, { removed }] of hosts.entries()) {
    if (removed) await must(send('DELETE', `${account}/users/${members[i]!.user_id}`));
  }
  const attendee = { email: 'ada@example.com', name: 'Ada' };
  const read = async (path: string) => (await get(account + path, { 'agentcal-min-position': position })).body;
  const whose = (named: string | undefined) =>
    `event_type_id=${event_type_id}${named === undefined ? '' : `&user_id=${named}`}`;
  const list = async (named?: string): Promise<Slot[]> => {
    const dates = `start_date=${toIso(from)}&end_date=${toIso(until)}`;
    return (await read(`/availability?${whose(named)}&${dates}`)).data;
  };
  return {
    hosts: members.filter((_, i) => !hosts[i]!.removed).map(({ user_id }) => user_id),
    list,
    tryOut: (start: object) => send('POST', `${account}/bookings?dry_run=true`, { event_type_id, ...start, attendee }),
    explain: (start: string, named?: string) => read(`/availability/explain?${whose(named)}&start_time=${start}`),
    bookSome: async (picks: readonly number[]) => {
      for (const pick of picks) {
        const slots = await list();
        if (slots.length === 0) return;
        const { slot_id } = slots[pick % slots.length]!;
        await must(send('POST', `${account}/bookings`, { slot_id, attendee }));
      }
    },
  };
}

/** So many of them, spread evenly. */
function some<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, i) => i % step === 0);
}
