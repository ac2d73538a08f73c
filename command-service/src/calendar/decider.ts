import type { CalendarCommand } from './commands.ts';
import { cancelBooking, createBooking, rescheduleBooking } from './deciders/bookings.ts';
import { mirrorBusy } from './deciders/external-busy.ts';
import { placeHold, releaseHold } from './deciders/holds.ts';
import {
  completeBooking,
  confirmBooking,
  declineBooking,
  expireRequest,
  leaveSeat,
  markNoShow,
} from './deciders/lifecycle.ts';
import { linkBooking } from './deciders/linking.ts';
import { claimParts, releaseParts } from './deciders/parts.ts';
import { settleBookings, settleMove } from './deciders/settling.ts';
import type { CalendarEvent } from './events.ts';
import { type CalendarState, initialCalendar } from './state/state.ts';
import { countTaken } from './state/taken.ts';

/** One user's calendar, stream `calendar-{userId}`. See README.md for what it promises and what it remembers. */
export const category = 'calendar';

export const initial: CalendarState = initialCalendar;

export { evolve } from './evolve.ts';
export { snapshots } from './snapshots.ts';

/** Judges one command against one calendar. Pure: the clock arrives inside the command. */
export function decide(command: CalendarCommand, state: CalendarState): readonly CalendarEvent[] {
  switch (command.type) {
    case 'PlaceHold':
      return placeHold(command, state);
    case 'ReleaseHold':
      return releaseHold(command, state);
    case 'CreateBooking':
      return createBooking(command, state);
    case 'ConfirmBooking':
      return confirmBooking(command, state);
    case 'DeclineBooking':
      return declineBooking(command, state);
    case 'ExpireRequest':
      return expireRequest(command, state);
    case 'RescheduleBooking':
      return rescheduleBooking(command, state);
    case 'CancelBooking':
      return cancelBooking(command, state);
    case 'LeaveSeat':
      return leaveSeat(command, state);
    case 'LinkBooking':
      return linkBooking(command, state);
    case 'CompleteBooking':
      return completeBooking(command, state);
    case 'MarkNoShow':
      return markNoShow(command, state);
    case 'ClaimParts':
      return claimParts(command, state);
    case 'ReleaseParts':
      return releaseParts(command, state);
    case 'SettleBookings':
      return settleBookings(command, state);
    case 'SettleMove':
      return settleMove(command, state);
    case 'MirrorExternalBusy':
      return mirrorBusy(command, state);
    case 'RepeatOnly':
      throw command.data.refusal;
  }
}

/** Each record is a handful of small objects, busy time one per interval; packed time is next to nothing. */
export function weigh({ records, busy, taken }: CalendarState): number {
  const intervals = Object.values(busy).reduce((sum, all) => sum + all.length, 0);
  return 4 * records.size + intervals + Math.ceil(countTaken(taken) / 16);
}
