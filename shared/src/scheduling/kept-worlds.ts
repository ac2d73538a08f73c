import { hours, schedule, terms } from './samples.ts';
import type { TeamWorld, World } from './worlds.ts';

/**
 * Worlds in which the engine and the reference once disagreed. Every run tries them before random ones.
 * A failing run prints its world: put it here, made small, with what it was about.
 */
const calendar = (userId: string, zone: string, rules: ReturnType<typeof hours>) => {
  return { userId, schedule: schedule(zone, rules), away: [], busy: [], claims: [] };
};
const minuteOf = (iso: string) => Date.parse(iso) / 60_000;

export const keptWorlds: readonly World[] = [
  {
    // Windows merge as instants: by the wall the second one begins in the gap, by the clock where the first one ends.
    query: {
      eventTypeId: 'evt_a',
      terms: terms(30, { slot_interval_minutes: 45 }),
      host: calendar('user_a', 'America/New_York', hours([0], '01:00-02:00', '02:30-04:00')),
      now: 0,
    },
    from: minuteOf('2026-03-08T00:00Z'),
    to: minuteOf('2026-03-09T00:00Z'),
  },
  {
    // A booking window ends where the host is by then: at the midnight of home, not of the trip that was over.
    query: {
      eventTypeId: 'evt_a',
      terms: terms(60, { booking_window: { type: 'calendar_days', days: 2 } }),
      host: {
        ...calendar('user_a', 'Pacific/Kiritimati', hours([0, 1, 2, 3, 4, 5, 6], '00:00-24:00')),
        schedule: schedule('Pacific/Kiritimati', hours([0, 1, 2, 3, 4, 5, 6], '00:00-24:00'), {
          travel: [{ start_date: '2026-06-01', end_date: '2026-06-02', timezone: 'America/New_York' }],
        }),
      },
      now: Date.parse('2026-06-01T12:00Z'),
    },
    from: minuteOf('2026-06-02T12:00Z'),
    to: minuteOf('2026-06-04T12:00Z'),
  },
  {
    // The first start of a day is the day's, also where the range begins after it.
    query: {
      eventTypeId: 'evt_a',
      terms: terms(30, { first_slot_of_day_only: true }),
      host: calendar('user_a', 'Australia/Lord_Howe', hours([0, 1, 2, 3, 4, 5, 6], '09:00-17:00')),
      now: 0,
    },
    from: minuteOf('2026-10-03T01:00Z'),
    to: minuteOf('2026-10-05T01:00Z'),
  },
];

const thursday = [4];
const sunday = [0];

export const keptTeamWorlds: readonly TeamWorld[] = [
  {
    // The lead and whoever is there form a range that begins before the question's; who began it was gone by then.
    query: {
      eventTypeId: 'evt_a',
      terms: terms(50, { min_notice_minutes: 1440, starts: 'any' }),
      assignment: 'round_robin',
      now: 1799800740000,
      hosts: [
        {
          calendar: calendar('user_0', 'Australia/Lord_Howe', [
            ...hours(thursday, '00:00-24:00'),
            ...hours(sunday, '00:00-01:00'),
          ]),
          fixed: true,
        },
        {
          calendar: calendar('user_1', 'Pacific/Kiritimati', [
            ...hours(thursday, '11:00-16:00'),
            ...hours(sunday, '00:00-24:00'),
          ]),
        },
        {
          calendar: calendar('user_2', 'Asia/Kolkata', [
            ...hours(thursday, '01:00-04:00'),
            ...hours(sunday, '00:00-24:00'),
          ]),
        },
      ],
    },
    from: 29995931,
    to: 29998151,
  },
];
