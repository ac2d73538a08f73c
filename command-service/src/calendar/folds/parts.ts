import type { CalendarEvent } from '../events.ts';
import type { CalendarState } from '../state/state.ts';
import { claimFrom } from './claim.ts';
import { type When, withoutHold, withoutPart, withPart } from './records.ts';

type PartEvent = Extract<CalendarEvent, { type: `calendar.part-${string}` }>;

/** A part may come of a hold, and what a plan gives back may be one: then it is the hold that goes. */
export function foldPart(state: CalendarState, { type, data }: PartEvent, { at }: When): CalendarState {
  switch (type) {
    case 'calendar.part-claimed.v1':
      return withPart(withoutHold(state, data.hold_id, 'booked'), {
        kind: 'part',
        id: data.part_id,
        ...claimFrom(data),
        bookingId: data.booking_id,
        planId: data.plan_id,
        claimedAt: at,
      });
    case 'calendar.part-released.v1':
      return withoutPart(withoutHold(state, data.part_id, 'released'), data.part_id, at);
  }
}
