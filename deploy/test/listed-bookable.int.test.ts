import { day, minute, toIso } from '@agentcal/shared/kernel/time';
import fc from 'fast-check';
import t from 'tap';
import { type Answer, type Api, api } from './api.fixture.ts';
import { startProduct } from './product.fixture.ts';

/**
 * What the read side lists and explains is what the write side decides: random hours of the account, the host and the
 * event type, and random limits of the host and the event type, over HTTP.
 */
t.test('a listed start can be booked, and an explanation ends as a booking would', async (t) => {
  const { product } = await startProduct(t);
  const calls = api(product.url, product.testKeys.secretKey);
  let [taken, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(world, async (world) => {
      const shop = await open(calls, world);
      const shown = await shop.bookSome(world.picks);
      for (const eventTypeId of shop.eventTypeIds) {
        const starts = await shop.list(eventTypeId, shown);
        for (const start of some(starts, 12)) {
          const answer = await shop.tryOut(eventTypeId, start);
          if (answer.status !== 200) throw new Error(`${start} is listed and refused: ${JSON.stringify(answer.body)}`);
          taken += 1;
        }
        for (const start of some(everyHalfHour, 24)) {
          const [answer, told] = [await shop.tryOut(eventTypeId, start), await shop.explain(eventTypeId, start, shown)];
          if (told.reason !== answer.body.code) {
            throw new Error(`${start}: explained as ${told.reason}, answered ${JSON.stringify(answer.body)}`);
          }
          if (answer.status !== 200) refused += 1;
        }
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
  t.comment(`${taken} starts could be booked, ${refused} were refused as explained`);
  t.ok(taken > 0 && refused > 0);
});

/** Far enough ahead that the present is in nobody's way. */
const from = Math.ceil((Date.now() + 3 * day) / day) * day;
const until = from + 15 * day;
const everyHalfHour = Array.from({ length: 15 * 48 }, (_, i) => toIso(from + i * 30 * minute));

const zone = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
const rule = fc
  .record({
    day_of_week: fc.integer({ min: 0, max: 6 }),
    start: fc.integer({ min: 0, max: 18 }),
    hours: fc.integer({ min: 3, max: 20 }),
  })
  .map(({ day_of_week, start, hours }) => ({
    day_of_week,
    start_time: clock(start),
    end_time: clock(Math.min(24, start + hours)),
  }));
const schedule = fc.record({ timezone: zone, rules: fc.array(rule, { minLength: 3, maxLength: 10 }) });
const per = fc.constantFrom('day', 'week', 'month');
const limit = fc.oneof(
  fc.record({ per, count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ per, minutes: fc.integer({ min: 30, max: 240 }) }),
);
const limits = fc.array(limit, { maxLength: 2 });
const rarely = <T>(of: fc.Arbitrary<T>) => fc.option(of, { freq: 2, nil: undefined });
const eventType = fc.record({
  duration_minutes: fc.constantFrom(30, 45, 60),
  buffer_after: fc.constantFrom(0, 15),
  limits,
  hours: rarely(schedule),
});
const world = fc.record({
  hours: rarely(schedule),
  host: fc.record({ timezone: zone, limits }),
  schedule,
  eventTypes: fc.tuple(eventType, eventType),
  /** Which of the listed starts are booked. */
  picks: fc.array(fc.nat(), { minLength: 2, maxLength: 8 }),
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

async function open({ send, get }: Api, world: World) {
  const must = async (answer: Promise<Answer>) => {
    const { status, body, headers } = await answer;
    if (status >= 300) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
    return { id: body.id as string, position: headers.get('agentcal-position') ?? '' };
  };
  const account = `/v1/accounts/${(await must(send('POST', '/v1/accounts', { name: 'Shop' }))).id}`;
  if (world.hours) await must(send('PUT', `${account}/schedule`, world.hours));
  const room = { kind: 'resource', name: 'Room', ...world.host };
  const { id: user_id } = await must(send('POST', `${account}/users`, room));
  await must(send('PUT', `${account}/users/${user_id}/schedule`, world.schedule));
  const made: { id: string; position: string }[] = [];
  for (const { hours, ...terms } of world.eventTypes) {
    const settings = { name: 'Talk', ...terms, ...(hours && { hours }) };
    made.push(await must(send('POST', `${account}/event-types`, settings)));
  }
  const eventTypeIds = made.map(({ id }) => id);
  const attendee = { email: 'ada@example.com', name: 'Ada' };
  const book = (event_type_id: string, start_time: string, query = '') =>
    send('POST', `${account}/bookings${query}`, { user_id, event_type_id, start_time, attendee });
  const list = async (eventTypeId: string, position: string): Promise<string[]> => {
    const query = `user_id=${user_id}&event_type_id=${eventTypeId}&start_date=${toIso(from)}&end_date=${toIso(until)}`;
    const { body } = await get(`${account}/availability?${query}`, { 'agentcal-min-position': position });
    return body.data.map((slot: { start_time: string }) => slot.start_time);
  };
  return {
    eventTypeIds,
    list,
    tryOut: (eventTypeId: string, start: string) => book(eventTypeId, start, '?dry_run=true'),
    explain: async (eventTypeId: string, start: string, position: string) => {
      const query = `user_id=${user_id}&event_type_id=${eventTypeId}&start_time=${start}`;
      return (await get(`${account}/availability/explain?${query}`, { 'agentcal-min-position': position })).body;
    },
    /** Books listed starts, now of one event type and now of the other. Answers the position that shows all of it. */
    bookSome: async (picks: readonly number[]): Promise<string> => {
      let position = made.at(-1)!.position;
      for (const [i, pick] of picks.entries()) {
        const eventTypeId = eventTypeIds[i % eventTypeIds.length]!;
        const starts = await list(eventTypeId, position);
        if (starts.length > 0) position = (await must(book(eventTypeId, starts[pick % starts.length]!))).position;
      }
      return position;
    },
  };
}

/** So many of them, spread evenly. */
function some<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, i) => i % step === 0);
}
