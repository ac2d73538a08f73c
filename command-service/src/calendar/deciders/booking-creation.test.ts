import { Refusal } from '@agentcal/shared/kernel/refusal';
import { day, hour, minute, toIso } from '@agentcal/shared/kernel/time';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as calendar from '../decider.ts';
import {
  at,
  book,
  booked,
  bookingId,
  cancelled,
  completed,
  eleven,
  friday,
  halfPastTen,
  mirrored,
  opened,
  requested,
  rescheduled,
  rules,
  ten,
} from '../samples.ts';

const given = scenario(calendar);
const another = (change: Parameters<typeof book>[0] = {}) => book({ name: 'two', ...change });

t.test('creating a booking', async (t) => {
  t.test('takes the time, and opens the calendar with the first one', async (t) => {
    given(t).when(book()).then(opened, booked());
    given(t, opened, booked())
      .when(another({ time: { start: eleven } }))
      .then(booked({ booking_id: bookingId('two'), start: eleven }));
  });

  t.test('changes nothing the second time, even after it was moved or cancelled', async (t) => {
    given(t, opened, booked()).when(book()).thenNothing();
    given(t, opened, booked(), rescheduled()).when(book()).thenNothing();
    given(t, opened, booked(), cancelled()).when(book()).thenNothing();
  });

  t.test('off the grid, goes by where the free time around it began, however long ago that is', async (t) => {
    // Clocks go forward by half an hour at 15:30Z, and the list of hourly starts goes on as it began.
    const open = [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, start_time: '00:00', end_time: '24:00' }));
    const schedule = { timezone: 'Australia/Lord_Howe', rules: open };
    const hourly = rules({ terms: { duration_minutes: 60 }, host: { schedule } });
    const after = another({ time: { start: at('2026-10-03T18:30:00Z') }, rules: hourly });
    t.equal(calendar.decide(after, calendar.initial).at(-1)?.type, 'calendar.booking-created.v1');
    given(t, opened, mirrored([['2026-10-03T14:45:00Z', '2026-10-03T15:45:00Z']]))
      .when(after)
      .thenRefused('off_grid');
    given(t, opened, booked({ start: at('2026-10-03T15:15:00Z') }))
      .when(after)
      .thenRefused('off_grid');
  });

  t.test('counts open days by all that today was and is', async (t) => {
    // A booking until half past nine leaves nothing of today’s list by half past ten: tomorrow is the one open day.
    const days = [1, 2].map((day_of_week) => ({ day_of_week, start_time: '09:00', end_time: '11:15' }));
    const schedule = { timezone: 'Europe/London', rules: days };
    const terms = { duration_minutes: 45, booking_window: { type: 'open_days' as const, days: 1 } };
    const soon = rules({ terms, host: { schedule } });
    const tomorrow = another({ at: ten + 30 * minute, time: { start: ten + day }, rules: soon });
    const { state } = given(t, opened, booked({ start: ten - hour }));
    t.equal(calendar.decide(tomorrow, state).at(-1)?.type, 'calendar.booking-created.v1');
    given(t, opened).when(tomorrow).thenRefused('outside_window');
  });

  t.test('is refused by the rule that forbids it', async (t) => {
    given(t, opened, booked()).when(another()).thenRefused('slot_taken');
    given(t, opened, mirrored([['2026-05-04T09:29:00Z', '2026-05-04T09:31:00Z']]))
      .when(book())
      .thenRefused('slot_taken');
    given(t)
      .when(book({ time: { start: at('2026-05-04T07:30:00Z') } }))
      .thenRefused('outside_hours');
    given(t)
      .when(book({ rules: rules({ host: { away: [{ start: ten, end: halfPastTen }] } }) }))
      .thenRefused('outside_hours');
    given(t)
      .when(book({ time: { start: ten + 7 * minute } }))
      .thenRefused('off_grid');
    given(t)
      .when(book({ time: { start: friday - minute } }))
      .thenRefused('too_soon');
    given(t)
      .when(book({ rules: rules({ terms: { min_notice_minutes: 4 * 24 * 60 } }) }))
      .thenRefused('too_soon');
    given(t)
      .when(book({ rules: rules({ terms: { booking_window: { type: 'calendar_days', days: 2 } } }) }))
      .thenRefused('outside_window');
    given(t)
      .when(book({ time: { start: ten, durationMinutes: 45 } }))
      .thenRefused('duration_not_offered');
  });

  t.test('minds the buffers of both', async (t) => {
    const judged_by = {
      event_type_revision: 0,
      duration_minutes: 30,
      buffer_before: 0,
      buffer_after: 15,
      timezone: 'Europe/London',
    };
    const padded = rules({ terms: { buffer_before: 15 } });
    given(t, opened, booked({ judged_by }))
      .when(another({ time: { start: halfPastTen } }))
      .thenRefused('slot_taken');
    given(t, opened, booked({ judged_by }))
      .when(another({ time: { start: eleven } }))
      .then(booked({ booking_id: bookingId('two'), start: eleven }));
    given(t, opened, booked({ judged_by }))
      .when(another({ time: { start: eleven }, rules: padded }))
      .then(
        booked({
          booking_id: bookingId('two'),
          start: eleven,
          judged_by: { ...judged_by, buffer_before: 15, buffer_after: 0 },
        }),
      );
    const wide = rules({ terms: { buffer_before: 16 } });
    given(t, opened, booked({ judged_by }))
      .when(another({ time: { start: eleven }, rules: wide }))
      .thenRefused('slot_taken');
  });

  t.test('counts limits, cancelled bookings not among them', async (t) => {
    const once = rules({ terms: { limits: [{ per: 'day', count: 1 }] } });
    const perUser = rules({ host: { limits: [{ per: 'week', count: 1 }] }, eventTypeId: 'evt_other' });
    const later = { time: { start: eleven }, rules: once };
    given(t, opened, booked()).when(another(later)).thenRefused('limit_reached');
    given(t, opened, booked())
      .when(another({ ...later, rules: perUser }))
      .thenRefused('limit_reached');
    given(t, opened, booked(), cancelled())
      .when(another(later))
      .then(booked({ booking_id: bookingId('two'), start: eleven }));
    given(t, opened, booked(), completed()).when(another(later)).thenRefused('limit_reached');
  });

  t.test('counts a whole year back where a limit is yearly', async (t) => {
    const once = rules({ terms: { limits: [{ per: 'year', count: 1 }] } });
    const asked = { at: at('2026-12-01T00:00:00Z'), time: { start: at('2026-12-30T10:00:00Z') }, rules: once };
    given(t, opened, booked({ start: at('2026-01-05T10:00:00Z') }))
      .when(another(asked))
      .thenRefused('limit_reached');
    given(t, opened, booked({ start: at('2025-12-31T10:00:00Z') }))
      .when(another(asked))
      .then(
        booked({
          booking_id: bookingId('two'),
          start: at('2026-12-30T10:00:00Z'),
          judged_by: {
            event_type_revision: 0,
            duration_minutes: 30,
            buffer_before: 0,
            buffer_after: 0,
            timezone: 'Europe/London',
          },
        }),
      );
  });

  t.test('counts open days from today on, however far ahead the start is', async (t) => {
    const one = {
      at: at('2026-04-20T10:00:00Z'),
      rules: rules({ terms: { booking_window: { type: 'open_days', days: 1 } } }),
    };
    const busy = mirrored([
      ['2026-04-20T00:00:00Z', '2026-04-25T00:00:00Z'],
      ['2026-04-27T00:00:00Z', '2026-05-02T00:00:00Z'],
    ]);
    given(t, opened, busy).when(book(one)).then(booked());
    given(t, opened).when(book(one)).thenRefused('outside_window');
  });

  t.test('waits for the host where the event type asks for it, at most until it starts', async (t) => {
    given(t)
      .when(book({ confirmWithinMs: day }))
      .then(opened, requested());
    given(t)
      .when(book({ confirmWithinMs: 30 * day }))
      .then(opened, requested({ expires_at: toIso(ten) }));
    given(t, opened, requested()).when(another()).thenRefused('slot_taken');
    given(t, opened, requested())
      .when(another({ at: friday + day }))
      .then(booked({ booking_id: bookingId('two') }));
  });

  t.test('offers the next free times instead', async (t) => {
    const { state } = given(t, opened, booked());
    const alternatives = alternativesOf(() => calendar.decide(another(), state));
    t.same(alternatives, [
      {
        start_time: '2026-05-04T09:30:00Z',
        end_time: '2026-05-04T10:00:00Z',
        local_start: '2026-05-04T10:30:00+01:00',
        weekday: 'Monday',
        user_ids: [another().data.userId],
      },
      {
        start_time: '2026-05-04T10:00:00Z',
        end_time: '2026-05-04T10:30:00Z',
        local_start: '2026-05-04T11:00:00+01:00',
        weekday: 'Monday',
        user_ids: [another().data.userId],
      },
      {
        start_time: '2026-05-04T10:30:00Z',
        end_time: '2026-05-04T11:00:00Z',
        local_start: '2026-05-04T11:30:00+01:00',
        weekday: 'Monday',
        user_ids: [another().data.userId],
      },
    ]);
    const soon = rules({ terms: { booking_window: { type: 'calendar_days', days: 1 } } });
    const first = alternativesOf(() => calendar.decide(another({ rules: soon }), state)) as { start_time: string }[];
    t.same(
      first.map(({ start_time }) => start_time),
      ['2026-05-01T12:00:00Z', '2026-05-01T12:30:00Z', '2026-05-01T13:00:00Z'],
      'from now on where nothing is free after it',
    );
  });
});

function alternativesOf(decide: () => unknown): unknown {
  try {
    decide();
  } catch (error) {
    if (error instanceof Refusal) return error.extras.alternatives;
    throw error;
  }
  return undefined;
}
