import { toIso } from '@agentcal/shared/kernel/time';
import type { SettleBookings, SettleMove } from '../commands.ts';
import type { CalendarEvent } from '../events.ts';
import { type BookingRecord, bookingOf, type CalendarState, isLive, partOf } from '../state/state.ts';
import { lettingGo, requireBooking } from './requirements.ts';

/**
 * Turns this calendar's parts into the bookings that a completed plan has decided. Judges nothing: the time was judged
 * when it was claimed, and has been taken since.
 */
export function settleBookings({ data }: SettleBookings, state: CalendarState): readonly CalendarEvent[] {
  const { userId, accountId, planId, attendee, metadata, seriesId } = data;
  return data.bookings.flatMap((booking): CalendarEvent[] => {
    const isThere = bookingOf(state, booking.bookingId) !== undefined;
    if (isThere || partOf(state, booking.partId)?.kind !== 'part') return [];
    const booked = {
      booking_id: booking.bookingId,
      user_id: userId,
      account_id: accountId,
      event_type_id: booking.eventTypeId,
      start_time: toIso(booking.start),
      end_time: toIso(booking.end),
      attendee,
      metadata: { ...metadata },
      judged_by: booking.judgedBy,
      part_id: booking.partId,
      plan_id: planId,
      ...(seriesId !== undefined && { series_id: seriesId }),
      ...hostsOf(booking),
    };
    if (booking.expiresAt === undefined) return [{ type: 'calendar.booking-created.v1', data: booked }];
    const data = { ...booked, expires_at: toIso(booking.expiresAt) };
    return [{ type: 'calendar.booking-requested.v1', data }];
  });
}

/**
 * Moves a booking to where a completed plan has claimed its time. Where it was closed meanwhile, or changed since the
 * caller read it, the plan's part of this calendar is given back instead, so that this is decided once.
 */
export function settleMove({ data }: SettleMove, state: CalendarState): readonly CalendarEvent[] {
  const { userId, planId, bookingId, partId } = data;
  if (partOf(state, partId)?.kind === 'tombstone') return [];
  const booking = requireBooking(state, data);
  if (!canMove(booking, data))
    return [{ type: 'calendar.part-released.v1', data: { part_id: partId, user_id: userId } }];
  return [
    {
      type: 'calendar.booking-rescheduled.v1',
      data: {
        booking_id: bookingId,
        user_id: userId,
        event_type_id: booking.eventTypeId,
        start_time: toIso(data.start),
        end_time: toIso(data.end),
        previous_start_time: toIso(booking.start),
        previous_end_time: toIso(booking.end),
        judged_by: data.judgedBy,
        part_id: partId,
        plan_id: planId,
        ...hostsOf(data),
        ...lettingGo(booking),
        ...(data.reason && { reason: data.reason }),
        ...(data.by && { by: data.by }),
        ...(booking.status === 'pending' && { expires_at: toIso(data.expiresAt ?? data.start) }),
      },
    },
  ];
}

function canMove(booking: BookingRecord, { at, ifRevision }: SettleMove['data']): boolean {
  const isOpen = booking.status === 'confirmed' || (booking.status === 'pending' && isLive(booking, at));
  return isOpen && (ifRevision === undefined || ifRevision === booking.revision);
}

function hostsOf({ userIds, parts }: SettleBookings['data']['bookings'][number] | SettleMove['data']) {
  return { user_ids: [...userIds], parts: [...parts] };
}
