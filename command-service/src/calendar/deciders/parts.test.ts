import { day, hour, minute, toIso } from '@agentcal/shared/kernel/time';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import type { ClaimParts, ReleaseParts, SettleBookings, SettleMove } from '../commands.ts';
import * as calendar from '../decider.ts';
import * as samples from '../samples.ts';
import { standingOf } from '../state/standing.ts';

const { accountId, bookingId, cancel, eleven, friday, halfPastTen, held, hold, holdId, opened, ten, userId } = samples;
const given = scenario(calendar);

const asked = { userId, accountId, at: friday };
const part = (name: string, start: number, more: object = {}) => {
  const of = { partId: `part_${name}`, bookingId: `bkg_${name}`, start, durationMinutes: 30 };
  return { ...of, rules: samples.rules(), ...more };
};
const claim = (parts: ReturnType<typeof part>[], more: Partial<ClaimParts['data']> = {}): ClaimParts => ({
  type: 'ClaimParts',
  data: { ...asked, planId: 'plan', plannedAt: friday, mode: 'all', parts, ...more },
});
const claimed = (name: string, start: number, more: object = {}) => samples.partClaimed({ name, start, ...more });
const released = (name: string) => samples.partReleased(name);
const release = (...names: string[]): ReleaseParts => ({
  type: 'ReleaseParts',
  data: { ...asked, partIds: names.map((name) => `part_${name}`) },
});

t.test('claiming parts', async (t) => {
  t.test('takes several pieces of time in one append', async (t) => {
    given(t)
      .when(claim([part('a', ten), part('b', halfPastTen)]))
      .then(opened, claimed('a', ten), claimed('b', halfPastTen));
  });

  t.test('is a quiet repeat, also of a half', async (t) => {
    given(t, opened, claimed('a', ten))
      .when(claim([part('a', ten)]))
      .thenNothing();
    given(t, opened, claimed('a', ten))
      .when(claim([part('a', ten), part('b', eleven)]))
      .then(claimed('b', eleven));
  });

  t.test('judges each as if those before it were there: they overlap', async (t) => {
    given(t)
      .when(claim([part('a', ten), part('b', ten)]))
      .thenRefused('slot_taken');
    given(t)
      .when(claim([part('a', ten), part('b', ten), part('c', eleven)], { mode: 'fitting' }))
      .then(opened, claimed('a', ten), claimed('c', eleven));
  });

  t.test('and they count in limits', async (t) => {
    const rules = samples.rules({ terms: { limits: [{ per: 'day', count: 1 }] } });
    given(t)
      .when(claim([part('a', ten, { rules }), part('b', eleven, { rules })]))
      .thenRefused('limit_reached');
    given(t, opened, claimed('a', ten))
      .when(samples.book({ time: { start: eleven }, rules }))
      .thenRefused('limit_reached');
  });

  t.test('blocks what comes later, whatever it is', async (t) => {
    given(t, opened, claimed('a', ten)).when(samples.book()).thenRefused('slot_taken');
    given(t, opened, claimed('a', ten)).when(hold()).thenRefused('slot_taken');
  });

  t.test('makes a part of a hold that is live', async (t) => {
    const of = part('a', ten, { holdId: holdId() });
    given(t, opened, held())
      .when(claim([of]))
      .then(claimed('a', ten, { hold_id: holdId() }));
    const later = { at: friday + 6 * minute };
    given(t, opened, held())
      .when(claim([of], later))
      .thenRefused('hold_expired');
    const data = { part_id: holdId(), user_id: userId };
    const givenBack = { type: 'calendar.part-released.v1', data } as const;
    given(t, opened, held(), givenBack)
      .when(claim([of]))
      .thenRefused('hold_expired');
  });

  t.test('has the claim out of its way that it comes instead of', async (t) => {
    const quarter = part('b', ten + 15 * minute, {
      insteadOf: 'part_a',
      moves: true,
      rules: samples.rules({ terms: { starts: 'any' } }),
    });
    given(t, opened, claimed('a', ten))
      .when(claim([{ ...quarter, insteadOf: 'part_x' } as never]))
      .thenRefused('slot_taken');
    given(t, opened, claimed('a', ten))
      .when(claim([quarter]))
      .then(claimed('b', ten + 15 * minute));
  });

  t.test('holds time where the plan is to hold', async (t) => {
    const hosts = { userIds: [userId, 'user_2'], parts: [{ user_id: 'user_2', part_id: 'hold_2' }] };
    const holding = { hold: { expiresAt: friday + 5 * minute, holder: 'key_1' } };
    given(t)
      .when(claim([part('a', ten, { partId: holdId(), hosts })], holding))
      .then(opened, held({ plan_id: 'plan', user_ids: hosts.userIds, parts: hosts.parts }));
  });
});

t.test('giving parts back', async (t) => {
  t.test('frees their time, once', async (t) => {
    given(t, opened, claimed('a', ten)).when(release('a')).then(released('a'));
    given(t, opened, claimed('a', ten), released('a')).when(release('a')).thenNothing();
    given(t, opened, claimed('a', ten), released('a')).when(samples.book()).then(samples.booked());
  });

  t.test('keeps what is not there from being claimed later', async (t) => {
    const state = given(t).when(release('a')).then(opened, released('a'));
    t.equal(state.records.size, 1);
    given(t, opened, released('a'))
      .when(claim([part('a', ten)]))
      .thenRefused('unavailable');
    given(t, opened, claimed('a', ten), released('a'))
      .when(claim([part('a', ten)]))
      .thenRefused('unavailable');
  });

  t.test('and when that is forgotten, the plan is too old', async (t) => {
    const metadata = { occurred_at: toIso(friday) };
    const forgotten = { metadata: { occurred_at: toIso(friday + 2 * day) } };
    const state = given(
      t,
      { ...opened, metadata } as never,
      { ...released('a'), metadata } as never,
      { ...samples.mirrored([]), ...forgotten } as never,
      { ...samples.mirrored([]), ...forgotten } as never,
    ).state;
    t.equal(state.records.size, 0);
    // A runner that has slept since still has the clock of that day.
    t.throws(() => calendar.decide(claim([part('a', ten)]), state), { code: 'unavailable' });
    t.throws(() => calendar.decide(claim([part('a', ten)], { plannedAt: friday - 2 * hour }), state), {
      code: 'unavailable',
    });
  });
});

const settle = (more: object = {}): SettleBookings => ({
  type: 'SettleBookings',
  data: {
    ...{ ...asked, planId: 'plan', attendee: samples.sealedAttendee, metadata: {} },
    bookings: [
      {
        ...{ bookingId: bookingId(), eventTypeId: samples.eventTypeId, start: ten, end: halfPastTen, partId: 'part_a' },
        ...{ userIds: [userId, 'user_2'], parts: [other], judgedBy: samples.judgedBy, ...more },
      },
    ],
  },
});
const other = { user_id: 'user_2', part_id: 'part_2' };
const hosts = { plan_id: 'plan', part_id: 'part_a', user_ids: [userId, 'user_2'], parts: [other] };

t.test('settling bookings', async (t) => {
  t.test('turns a part into the booking, whose time it then is', async (t) => {
    const state = given(t, opened, claimed('a', ten)).when(settle()).then(samples.booked(hosts));
    t.equal(state.claims.size, 1);
    given(t, opened, claimed('a', ten), samples.booked(hosts)).when(settle()).thenNothing();
    given(t, opened, claimed('a', ten), samples.booked(hosts))
      .when(claim([part('a', ten)]))
      .thenRefused('unavailable');
  });

  t.test('asks the host where the event type does', async (t) => {
    const expiresAt = friday + day;
    given(t, opened, claimed('a', ten))
      .when(settle({ expiresAt }))
      .then(samples.requested({ ...hosts, expires_at: toIso(expiresAt) }));
  });

  t.test('does nothing without the part', async (t) => {
    given(t, opened).when(settle()).thenNothing();
    given(t, opened, released('a')).when(settle()).thenNothing();
  });

  t.test('says what is to be given back when the booking is over', async (t) => {
    const booked = samples.booked(hosts);
    given(t, opened, booked)
      .when(cancel())
      .then(samples.cancelled({ released_parts: [other] }));
    const requested = samples.requested(hosts);
    given(t, opened, requested)
      .when(samples.ask('DeclineBooking'))
      .then(samples.declined({ released_parts: [other] }));
    given(t, opened, requested)
      .when(samples.ask('ExpireRequest', { at: friday + 2 * day }))
      .then(samples.declined({ cause: 'expired', released_parts: [other] }));
    given(t, opened, booked).when(samples.reschedule()).thenRefused('too_much_contention');
  });
});

const move = (more: Partial<SettleMove['data']> = {}): SettleMove => ({
  type: 'SettleMove',
  data: {
    ...{ ...asked, bookingId: bookingId(), planId: 'plan', partId: 'part_m', start: eleven, end: eleven + 30 * minute },
    ...{ userIds: [userId], parts: [], judgedBy: samples.judgedBy, ...more },
  },
});
const moved = (more: object = {}) =>
  samples.rescheduled({
    ...{ event_type_id: samples.eventTypeId, part_id: 'part_m', plan_id: 'plan', parts: [], ...more },
  });

t.test('settling a move', async (t) => {
  t.test('takes the claimed time in place of the old one', async (t) => {
    const state = given(t, opened, samples.booked(), claimed('m', eleven)).when(move()).then(moved());
    t.equal(state.claims.size, 1);
    given(t, opened, samples.booked(), claimed('m', eleven), moved()).when(move()).thenNothing();
  });

  t.test('gives back what it had of others', async (t) => {
    given(t, opened, samples.booked(hosts), claimed('m', eleven))
      .when(move())
      .then(moved({ released_parts: [other] }));
  });

  t.test('leaves the calendar alone once its user is no host any more, until they are again', async (t) => {
    const away = { userIds: ['user_2'], parts: [{ user_id: 'user_2', part_id: 'part_3' }] };
    const left = moved({ user_ids: away.userIds, parts: away.parts });
    const state = given(t, opened, samples.booked()).when(move(away)).then(left);
    t.equal(state.claims.size, 0);
    given(t, opened, samples.booked(), left)
      .when(samples.book({ name: 'two', time: { start: eleven } }))
      .then(samples.booked({ booking_id: bookingId('two'), start: eleven }));
    given(t, opened, samples.requested(), left).when(samples.ask('ConfirmBooking')).then(samples.confirmed());
    const back = move({ partId: 'part_n' });
    const again = moved({
      part_id: 'part_n',
      released_parts: away.parts,
      previous_start_time: toIso(eleven),
      previous_end_time: toIso(eleven + 30 * minute),
    });
    t.equal(given(t, opened, samples.booked(), left).when(back).then(again).claims.size, 1);
  });

  t.test('gives its part back where the booking was closed or changed meanwhile', async (t) => {
    const closed = given(t, opened, samples.booked(), claimed('m', eleven), samples.cancelled())
      .when(move())
      .then(released('m'));
    t.equal(closed.claims.size, 0);
    given(t, opened, samples.booked(), samples.cancelled(), released('m')).when(move()).thenNothing();
    given(t, opened, samples.booked(), claimed('m', eleven))
      .when(move({ ifRevision: 0 }))
      .then(released('m'));
    given(t, opened, samples.booked(), claimed('m', eleven))
      .when(move({ ifRevision: 1 }))
      .then(moved());
    given(t, opened, samples.requested(), claimed('m', eleven))
      .when(move({ at: friday + 2 * day }))
      .then(released('m'));
  });
});

t.test('a host’s standing counts parts and bookings that take their time', async (t) => {
  const { state } = given(t, opened, claimed('a', ten), samples.booked({ start: eleven }));
  t.match(standingOf(state, samples.eventTypeId), { bookings: 2 });
  t.match(standingOf(state, 'evt_other'), { bookings: 0 });
  const off = given(t, opened, samples.booked(), samples.cancelled()).state;
  t.same(standingOf(off, samples.eventTypeId), { bookings: 0 });
});
