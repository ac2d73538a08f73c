import type { PlannedData } from './commands.ts';
import type { SchedulingEvent } from './events.ts';

/** One plan for tests: a booking of two hosts. */
export const planId = 'plan';
export const hosts = ['user_1', 'user_2'] as const;

const judged_by = { event_type_revision: 0, duration_minutes: 30, buffer_before: 0, buffer_after: 0, timezone: 'UTC' };

export const plannedData = (change: Partial<PlannedData> = {}): PlannedData => ({
  ...{ plan_id: planId, account_id: 'acct_1', attempt: 1, kind: 'book', mode: 'all' },
  items: [
    {
      ...{ booking_id: 'bkg_1', user_id: hosts[0], event_type_id: 'evt_1', user_ids: [...hosts], judged_by },
      ...{ start_time: '2026-05-04T09:00:00Z', end_time: '2026-05-04T09:30:00Z' },
      parts: hosts.map((user_id) => ({ user_id, part_id: `part_${user_id}` })),
    },
  ],
  ...change,
});

const of = (attempt: number) => ({ plan_id: planId, attempt });

export const planned = (change: Partial<PlannedData> = {}): SchedulingEvent => ({
  type: 'scheduling.planned.v1',
  data: plannedData(change),
});

export const partClaimed = (user_id: string, attempt = 1): SchedulingEvent => ({
  type: 'scheduling.part-claimed.v1',
  data: { ...of(attempt), user_id, part_ids: [`part_${user_id}`] },
});

export const partRefused = (code: string, change: object = {}, attempt = 1): SchedulingEvent => ({
  type: 'scheduling.part-refused.v1',
  data: { ...of(attempt), part_ids: [], code, ...change },
});

export const completed = (booking_ids = ['bkg_1'], attempt = 1): SchedulingEvent => ({
  type: 'scheduling.completed.v1',
  data: { ...of(attempt), booking_ids },
});

export const undone = (code?: string, attempt = 1): SchedulingEvent => ({
  type: 'scheduling.undone.v1',
  data: { ...of(attempt), ...(code !== undefined && { code }) },
});
