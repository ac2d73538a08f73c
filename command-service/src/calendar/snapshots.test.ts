import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createLocalBus } from '@agentcal/shared/bus/local';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import { createCatalogue } from '@agentcal/shared/kernel/catalogue';
import { day, minute, toIso } from '@agentcal/shared/kernel/time';
import { fakeClock } from '@agentcal/shared/testing/clock';
import fc from 'fast-check';
import t from 'tap';
import { commandEvents, SnapshotTaken } from '../executor/events.ts';
import { createExecutor } from '../executor/executor.ts';
import { context } from '../executor/samples.ts';
import { toText } from '../executor/snapshots/plain-data.ts';
import type { CalendarCommand } from './commands.ts';
import * as calendar from './decider.ts';
import { type CalendarEvent, calendarEvents } from './events.ts';
import { NaiveCalendar } from './naive-calendar.fixture.ts';
import { commandFor, step, world } from './random-commands.fixture.ts';
import * as samples from './samples.ts';
import type { CalendarState } from './state/state.ts';

const catalogue = createCatalogue([...calendarEvents, ...commandEvents]);
const timing = { sleep: async () => {}, random: () => 0.5 };
const id = samples.userId.slice('user_'.length);

t.test('whatever has happened, a snapshot and what followed come to what the whole stream comes to', async (t) => {
  const process = fc.record({ restarts: fc.nat(9).map((n) => n === 0), upgraded: fc.nat(30).map((n) => n === 0) });
  let begun = 0;
  const run = fc.asyncProperty(
    world,
    fc.array(fc.tuple(step, process), { minLength: 30, maxLength: 70, size: 'max' }),
    async ({ schedule, beginning, offered }, steps) => {
      const rules = offered.map((terms, index) =>
        samples.rules({ eventTypeId: `evt_${index}`, terms, host: { schedule } }),
      );
      const store = createMemoryEventStore();
      const clock = fakeClock(beginning);
      const naive = new NaiveCalendar();
      const start = () => createExecutor({ store, bus: createLocalBus(), clock, catalogue, timing });
      let [executor, version] = [start(), 1];
      for (const [index, [each, { restarts, upgraded }]] of steps.entries()) {
        clock.advance(each.passes * minute);
        if (upgraded) version += 1;
        if (upgraded || restarts) executor = start();
        const command = commandFor({ ...each, name: `n${index}` }, rules, naive, clock.now());
        if (!command) continue;
        const aggregate = { ...calendar, snapshots: { version, everyEvents: 5 } };
        const asked = context(`n${index}`, { at: clock.now() });
        const executed = await executor.execute(aggregate, id, command, asked).catch(() => undefined);
        for (const event of executed?.events ?? []) naive.apply(event);
        if (restarts) await sameAsFromScratch(aggregate, start, command);
      }
      const { revision } = await sameAsFromScratch({ ...calendar, snapshots: { version, everyEvents: 5 } }, start);
      const taken = (await store.readAll({ after: 0n, maxCount: 1_000, types: [SnapshotTaken.type] })).events;
      if (taken.length > 0) begun += 1;
      assert.ok(taken.length <= 2 * version * ((revision + 1) / 5), 'about one for so many events');
    },
  );
  await t.resolves(fc.assert(run, { numRuns: 40 }));
  t.ok(begun > 20, 'most of them began with a snapshot');
});

/** State, revision and the answer to a command, of two processes that have just begun: with snapshots and without. */
async function sameAsFromScratch(
  aggregate: typeof calendar,
  start: () => ReturnType<typeof createExecutor>,
  command?: CalendarCommand,
) {
  const { snapshots: _, ...without } = aggregate;
  const [short, whole] = [await start().load(aggregate, id), await start().load(without, id)];
  assert.deepStrictEqual(short, whole);
  if (command) assert.deepStrictEqual(decided(command, short.state), decided(command, whole.state));
  return whole;
}

function decided(command: CalendarCommand, state: CalendarState) {
  try {
    return calendar.decide(command, state);
  } catch (error) {
    return error;
  }
}

const several = [samples.userId, 'user_other'];
const hosts = {
  part_id: 'part_ours',
  plan_id: 'plan',
  series_id: 'series',
  user_ids: several,
  parts: [{ user_id: 'user_other', part_id: 'part_theirs' }],
};

/** Every kind of event, long ago and lately, so that what they come to tells how calendars are folded. */
const history: readonly (readonly [days: number, ...CalendarEvent[]])[] = [
  [
    0,
    samples.opened,
    samples.booked(),
    samples.rescheduled(),
    samples.mirrored([['2026-07-20T09:00:00Z', '2026-07-20T10:00:00Z']]),
  ],
  [60, samples.booked(of('seats', 70)), samples.joined('b', of('seats')), samples.left('a', of('seats'))],
  [61, samples.held({ hold_id: samples.holdId('taken'), ...on(71) })],
  [61, samples.booked({ ...of('held', 71), hold_id: samples.holdId('taken') }), samples.linked(of('held'))],
  [61, samples.cancelled({ ...of('held'), reason: samples.sealedReason })],
  [61, samples.requested({ ...of('asked', 72), expires_at: later(63) })],
  [61, samples.requested(of('declined', 73)), samples.declined(of('declined'))],
  [61, samples.requested(of('one', 74)), samples.confirmed()],
  [61, samples.held({ ...on(75), expires_at: later(62) }), samples.released()],
  [61, samples.held({ ...on(76), expires_at: later(62), hold_id: samples.holdId('open') })],
  [61, part('stays', 77), part('back', 78), { type: 'calendar.part-released.v1', data: partOf('back') }],
  [61, part('ours', 79), samples.booked({ ...of('ours', 79), ...hosts })],
  [75, samples.completed(), samples.noShow()],
];

const events = history
  .flatMap(([days, ...happened]) => happened.map((event) => ({ event, at: later(days) })))
  .map(({ event, at }, revision) => ({ ...event, revision, metadata: { occurred_at: at } }));

function of(name: string, days = 0) {
  const seats = name === 'seats' && days > 0 ? { seat_id: samples.seatId('a') } : {};
  return { booking_id: samples.bookingId(name), ...(days > 0 && on(days)), ...seats };
}

function partOf(name: string) {
  return { part_id: `part_${name}`, user_id: samples.userId };
}

function part(name: string, days: number): CalendarEvent {
  const { data } = samples.booked(of(name, days)) as Extract<CalendarEvent, { type: 'calendar.booking-created.v1' }>;
  const { attendee: _, metadata: __, ...claim } = data;
  return { type: 'calendar.part-claimed.v1', data: { ...partOf(name), plan_id: 'plan', ...claim } };
}

function on(days: number) {
  return { start: samples.ten + days * day };
}

function later(days: number) {
  return toIso(samples.friday + days * day);
}

t.test('the version of snapshots stands for how calendars are folded', async (t) => {
  const all = calendarEvents.map(({ type }) => type);
  t.same(
    all.filter((type) => !events.some((event) => event.type === type)),
    [],
    'each kind of event is in the history',
  );
  const state = events.reduce<CalendarState>(calendar.evolve, calendar.initial);
  const hash = createHash('sha256').update(toText(state)).digest('hex').slice(0, 16);
  // Another hash: the same events come to another state, and old snapshots would bring the old one back.
  // Put one more to `version` in snapshots.ts, and both down here.
  t.same([calendar.snapshots.version, hash], [1, '5fed3d1ee9222304']);
});
