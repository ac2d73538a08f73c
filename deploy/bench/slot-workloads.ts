import type { HostCalendar, Schedule, Terms } from '@agentcal/shared/scheduling/model';

/**
 * The five workloads of slot computation, the same in every run.
 *
 * Every host works Monday to Friday, 09:00 to 17:00 in New York; a meeting is 30 minutes, every 15; no notice, no
 * buffers. The range begins on Monday, 4 March 2030 at local midnight, and daylight saving time starts on the 10th.
 */
export interface Workload {
  readonly name: string;
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly assignment: 'single' | 'collective' | 'round_robin';
  readonly hosts: readonly HostCalendar[];
}

export const benchTerms: Terms = {
  duration_minutes: 30,
  slot_interval_minutes: 15,
  buffer_before: 0,
  buffer_after: 0,
  min_notice_minutes: 0,
};

export const benchZone = 'America/New_York';

const minute = 60_000;
const from = Date.parse('2030-03-04T05:00:00Z');

const shapes = [
  { what: '30 days, no busy time', to: '2030-04-03T04:00Z', hosts: 1, busy: 0, assignment: 'single' },
  { what: '30 days, 200 busy', to: '2030-04-03T04:00Z', hosts: 1, busy: 200, assignment: 'single' },
  {
    what: '30 days, 10 collective, 200 busy each',
    to: '2030-04-03T04:00Z',
    hosts: 10,
    busy: 200,
    assignment: 'collective',
  },
  { what: '90 days, 1,000 busy', to: '2030-06-02T04:00Z', hosts: 1, busy: 1000, assignment: 'single' },
  {
    what: '14 days, 100 round robin, 50 busy each',
    to: '2030-03-18T04:00Z',
    hosts: 100,
    busy: 50,
    assignment: 'round_robin',
  },
] as const;

/** W1 to W5; `times` makes one of their sizes larger, to see how the cost grows. */
export function slotWorkload(number: 1 | 2 | 3 | 4 | 5, times: { hosts?: number; busy?: number } = {}): Workload {
  const shape = shapes[number - 1]!;
  const to = Date.parse(shape.to);
  const hosts = Array.from({ length: shape.hosts * (times.hosts ?? 1) }, (_, i) => {
    const random = mulberry32(number * 1_000_000 + i);
    const busy = Array.from({ length: shape.busy * (times.busy ?? 1) }, () => busyInterval(random, to));
    return { userId: `user_${i}`, schedule: schedule(), away: [], busy, claims: [] };
  });
  return { name: `W${number}`, what: shape.what, from, to, assignment: shape.assignment, hosts };
}

/** One object per host, as rows of a database would be. */
function schedule(): Schedule {
  const rules = [1, 2, 3, 4, 5].map((day_of_week) => ({ day_of_week, start_time: '09:00', end_time: '17:00' }));
  return { timezone: benchZone, rules };
}

/** Anywhere in the range, nights and weekends too, on five minutes; 15 to 120 minutes long. May overlap others. */
function busyInterval(random: () => number, to: number): { start: number; end: number } {
  const start = from + 5 * minute * Math.floor(random() * Math.floor((to - from) / (5 * minute)));
  const length = 15 * minute * (1 + Math.floor(random() * 8));
  return { start, end: start + length };
}

function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
