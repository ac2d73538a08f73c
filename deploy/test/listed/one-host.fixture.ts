import { day, toIso } from '@agentcal/shared/kernel/time';
import fc from 'fast-check';
import type { Api } from '../api.fixture.ts';
import { attendee, everyHalfHour, from, openAccount, picks, rules, some, zone } from './worlds.fixture.ts';

/** One host: random hours of the account, the host and the event type, and random limits of the host and the event type. */

const days = 15;
const schedule = fc.record({ timezone: zone, rules: rules(18, { min: 3, max: 20 }, { minLength: 3, maxLength: 10 }) });
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
export const oneHost = fc.record({
  hours: rarely(schedule),
  host: fc.record({ timezone: zone, limits }),
  schedule,
  eventTypes: fc.tuple(eventType, eventType),
  picks,
});
type OneHost = typeof oneHost extends fc.Arbitrary<infer W> ? W : never;

/** @returns how many listed starts were taken, and how many others were refused as they had been explained */
export async function compareOneHost(calls: Api, world: OneHost): Promise<{ taken: number; refused: number }> {
  const shop = await open(calls, world);
  await shop.bookSome(world.picks);
  let [taken, refused] = [0, 0];
  for (const eventTypeId of shop.eventTypeIds) {
    for (const start of some(await shop.list(eventTypeId), 12)) {
      const answer = await shop.tryOut(eventTypeId, start);
      if (answer.status !== 200) throw new Error(`${start} is listed and refused: ${JSON.stringify(answer.body)}`);
      taken += 1;
    }
    for (const start of some(everyHalfHour(days), 24)) {
      const [answer, told] = [await shop.tryOut(eventTypeId, start), await shop.explain(eventTypeId, start)];
      if (told.reason !== answer.body.code) {
        throw new Error(`${start}: explained as ${told.reason}, answered ${JSON.stringify(answer.body)}`);
      }
      if (answer.status !== 200) refused += 1;
    }
  }
  return { taken, refused };
}

async function open(calls: Api, world: OneHost) {
  const account = await openAccount(calls);
  if (world.hours) await account.do('PUT', '/schedule', world.hours);
  const { id: user_id } = await account.do('POST', '/users', { kind: 'resource', name: 'Room', ...world.host });
  await account.do('PUT', `/users/${user_id}/schedule`, world.schedule);
  const eventTypeIds: string[] = [];
  for (const { hours, ...terms } of world.eventTypes) {
    const settings = { name: 'Talk', ...terms, ...(hours && { hours }) };
    eventTypeIds.push((await account.do('POST', '/event-types', settings)).id);
  }
  const booking = (event_type_id: string, start_time: string) => ({ user_id, event_type_id, start_time, attendee });
  const list = async (eventTypeId: string): Promise<string[]> => {
    const dates = `start_date=${toIso(from)}&end_date=${toIso(from + days * day)}`;
    const { data } = await account.read(`/availability?user_id=${user_id}&event_type_id=${eventTypeId}&${dates}`);
    return data.map((slot: { start_time: string }) => slot.start_time);
  };
  return {
    eventTypeIds,
    list,
    tryOut: (eventTypeId: string, start: string) => account.tryOut('/bookings', booking(eventTypeId, start)),
    explain: (eventTypeId: string, start: string) =>
      account.read(`/availability/explain?user_id=${user_id}&event_type_id=${eventTypeId}&start_time=${start}`),
    /** Listed starts, now of one event type and now of the other. */
    bookSome: async (picks: readonly number[]) => {
      for (const [i, pick] of picks.entries()) {
        const eventTypeId = eventTypeIds[i % eventTypeIds.length]!;
        const starts = await list(eventTypeId);
        if (starts.length > 0)
          await account.do('POST', '/bookings', booking(eventTypeId, starts[pick % starts.length]!));
      }
    },
  };
}
