import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import { day, hour, type Instant, minute, toIso } from '@agentcal/shared/kernel/time';
import t from 'tap';
import * as calendar from '../decider.ts';
import type { CalendarEvent } from '../events.ts';
import {
  ask,
  book,
  booked,
  bookingId,
  cancel,
  cancelled,
  friday,
  held,
  holdId,
  mirrored,
  opened,
  requested,
  ten,
  userId,
} from '../samples.ts';
import type { CalendarState } from './state.ts';
import { countTaken } from './taken.ts';

const later = (event: CalendarEvent, at: Instant, revision = 0): FoldedEvent<CalendarEvent> => ({
  ...event,
  revision,
  metadata: { occurred_at: toIso(at) },
});
const fold = (...events: FoldedEvent<CalendarEvent>[]) => events.reduce(calendar.evolve, calendar.initial);
/** Something that happens long after, so that time passes. */
const passing = (at: Instant) => later(mirrored([], { source: 'conn_9:x' }), at);
const decided = (command: Parameters<typeof calendar.decide>[0], state: CalendarState) => {
  try {
    return calendar.decide(command, state).map(({ type }) => type);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

t.test('what can still matter stays', async (t) => {
  const history = [later(opened, friday), later(booked(), friday)];
  const afterMonth = fold(...history, passing(ten + 29 * day));
  t.same(decided(ask('MarkNoShow', { at: ten + 29 * day }), afterMonth), ['calendar.booking-no-show.v1']);
  const afterYear = fold(...history, passing(ten + 390 * day));
  t.equal(countTaken(afterYear.taken), 1, 'a yearly limit counts it');
  t.equal(afterYear.claims.size, 0);
  t.equal(decided(ask('MarkNoShow', { at: ten + 390 * day }), afterYear), 'not_found');
});

t.test('what cannot matter any more leaves', async (t) => {
  const { state } = {
    state: fold(
      later(opened, friday),
      later(booked(), friday),
      later(booked({ booking_id: bookingId('two'), start: ten + hour }), friday),
      later(cancelled({ booking_id: bookingId('two') }), friday),
      later(requested({ booking_id: bookingId('three'), start: ten + 2 * hour }), friday),
      later(held({ start: ten + 3 * hour }), friday),
      later(mirrored([['2026-05-05T09:00:00Z', '2026-05-05T10:00:00Z']]), friday),
    ),
  };
  t.equal(state.records.size, 4);
  const soon = calendar.evolve(state, passing(friday + day + 6 * minute));
  t.equal(
    decided(book({ name: 'four', at: friday + day, time: { holdId: holdId() } }), soon),
    'not_found',
    'the hold, a day after it expired',
  );
  const month = calendar.evolve(state, passing(ten + 31 * day));
  t.equal(month.records.size, 0, 'every booking, a month after');
  t.equal(countTaken(month.taken), 1, 'the one that took its time is counted');
  t.same(month.busy, {}, 'busy time, once no buffer reaches it');
  t.equal(decided(cancel({ bookingId: bookingId('two'), at: ten + 31 * day }), month), 'not_found');
  const year = calendar.evolve(state, passing(ten + 401 * day));
  t.same(year.taken, {});
  t.equal(year.userId, userId);
});

t.test('expired holds do not pile up within a day', async (t) => {
  let state = fold(later(opened, friday));
  for (let index = 0; index < 200; index += 1) {
    const at = friday + index * 6 * minute;
    state = calendar.evolve(
      state,
      later(held({ hold_id: holdId(`h${index}`), expires_at: toIso(at + 5 * minute) }), at),
    );
  }
  t.equal(state.openHolds.length, 1);
  t.equal(state.claims.size, 1);
});

t.test('a clock that was set back does not turn the calendar back', async (t) => {
  const state = fold(later(opened, ten), later(booked(), friday));
  t.equal(state.latest, ten);
});

t.test('a long history leaves as small a state as a short one', async (t) => {
  let state = fold(later(opened, friday));
  const years = 4;
  for (let index = 0; index < years * 365 * 4; index += 1) {
    const start = friday + index * 6 * hour;
    const id = bookingId(`b${index}`);
    state = calendar.evolve(state, later(booked({ booking_id: id, start }), start - hour, 2 * index));
    if (index % 2 === 0) continue;
    state = calendar.evolve(state, later(cancelled({ booking_id: id }), start - hour + minute, 2 * index + 1));
  }
  t.ok(state.records.size < 1.3 * 31 * 4, 'a month of them, until it is worth sweeping');
  t.ok(
    countTaken(state.taken) > 340 * 2 && countTaken(state.taken) < 400 * 2,
    'and the time of a year and a bit, packed',
  );
  t.ok(calendar.weigh(state) < 1_000);
});
