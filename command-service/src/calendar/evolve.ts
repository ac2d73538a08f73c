import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import type { CalendarEvent } from './events.ts';
import { foldBooking } from './folds/bookings.ts';
import { foldBusy } from './folds/external-busy.ts';
import { foldHold } from './folds/holds.ts';
import { foldPart } from './folds/parts.ts';
import type { When } from './folds/records.ts';
import { foldSeat } from './folds/seats.ts';
import { swept } from './state/retention.ts';
import type { CalendarState } from './state/state.ts';

/** Folds one event into the state. Never fails: what is in the log has happened. */
export function evolve(state: CalendarState, event: FoldedEvent<CalendarEvent>): CalendarState {
  // Clocks of several processes may disagree; the calendar's own time never goes back.
  const at = Math.max(state.latest, Date.parse(event.metadata.occurred_at));
  return swept(fold({ ...state, latest: at }, event, { at, revision: event.revision }));
}

function fold(state: CalendarState, event: CalendarEvent, when: When): CalendarState {
  switch (event.type) {
    case 'calendar.opened.v1':
      return { ...state, userId: event.data.user_id, accountId: event.data.account_id };
    case 'calendar.slot-held.v1':
    case 'calendar.hold-released.v1':
      return foldHold(state, event, when);
    case 'calendar.part-claimed.v1':
    case 'calendar.part-released.v1':
      return foldPart(state, event, when);
    case 'calendar.booking-created.v1':
    case 'calendar.booking-requested.v1':
    case 'calendar.booking-confirmed.v1':
    case 'calendar.booking-declined.v1':
    case 'calendar.booking-rescheduled.v1':
    case 'calendar.booking-cancelled.v1':
    case 'calendar.booking-linked.v1':
    case 'calendar.booking-completed.v1':
    case 'calendar.booking-no-show.v1':
      return foldBooking(state, event, when);
    case 'calendar.attendee-joined.v1':
    case 'calendar.attendee-left.v1':
      return foldSeat(state, event, when);
    case 'calendar.external-busy-mirrored.v1':
      return { ...state, busy: foldBusy(state, event.data) };
  }
}
