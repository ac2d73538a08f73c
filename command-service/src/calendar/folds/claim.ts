import { minute } from '@agentcal/shared/kernel/time';
import type { CalendarEvent } from '../events.ts';
import type { BookingRecord } from '../state/state.ts';

/** What records have in common, from the events that say it. */

export type Booked = Extract<
  CalendarEvent,
  { type: 'calendar.booking-created.v1' | 'calendar.booking-requested.v1' }
>['data'];
type Hosted = Pick<Booked, 'user_id' | 'user_ids' | 'parts'>;
type Claimed = Pick<Booked, 'start_time' | 'end_time' | 'judged_by'>;

export function claimFrom(data: Claimed & { readonly event_type_id: string }) {
  return { eventTypeId: data.event_type_id, ...claimTimes(data) };
}

export function claimTimes({ start_time, end_time, judged_by }: Claimed) {
  return {
    start: Date.parse(start_time),
    end: Date.parse(end_time),
    bufferBeforeMs: judged_by.buffer_before * minute,
    bufferAfterMs: judged_by.buffer_after * minute,
  };
}

export function hostsFrom({
  user_id,
  user_ids,
  parts,
}: Hosted): Pick<BookingRecord, 'userIds' | 'parts' | 'elsewhere'> {
  if (user_ids === undefined) return {};
  return { userIds: user_ids, parts: parts ?? [], elsewhere: !user_ids.includes(user_id) };
}
