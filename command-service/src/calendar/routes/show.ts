import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, toIso } from '@agentcal/shared/kernel/time';
import type { Booking } from '@agentcal/shared/resources/booking';
import { bookingView } from '@agentcal/shared/resources/booking-view';
import type { Hold } from '@agentcal/shared/resources/hold';
import type { Vault } from '@agentcal/shared/vault/port';
import { asWritten } from '../../write-answer.ts';
import * as calendar from '../decider.ts';
import type { Attendee } from '../events.ts';
import type { Written } from '../execution/carry-out.ts';
import { bookingOf, type CalendarState, holdOf, isLive } from '../state/state.ts';

/** What the answer says besides what the calendar knows. */
export interface Known {
  readonly livemode: boolean;
  /** Where the caller said them: nothing need be opened. */
  readonly attendee?: Attendee;
  readonly reason?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly seatId?: string;
}

/** A booking as the command left it, with its ETag. */
export async function showBooking(
  vault: Vault,
  written: Written,
  bookingId: string,
  known: Known,
): Promise<{ readonly booking: Booking; readonly revision: number }> {
  const state = asWritten(calendar.evolve, written);
  const record = bookingOf(state, bookingId);
  if (!record) throw new Refusal('not_found');
  const { details } = record;
  const opened = known.attendee ? [known.attendee] : await vault.open([details.attendee]);
  const [reason = null] =
    known.reason !== undefined || !details.reason ? [known.reason] : await vault.open([details.reason]);
  const seatId = known.seatId ?? record.seats?.[0]?.id;
  const booking = bookingView({
    id: record.id,
    account_id: state.accountId ?? '',
    user_id: state.userId ?? '',
    ...(record.userIds && { user_ids: record.userIds }),
    event_type_id: record.eventTypeId,
    start_time: record.start,
    end_time: record.end,
    status: record.status,
    attendee: opened[0] as Attendee | null,
    cancellation_reason: record.status === 'cancelled' ? (reason as string | null) : null,
    calendar_event_id: details.calendarEventId ?? null,
    meeting_url: details.meetingUrl ?? null,
    metadata: known.metadata ?? details.metadata,
    livemode: known.livemode,
    created_at: details.createdAt,
    updated_at: details.updatedAt,
    ...(seatId !== undefined && { seat_id: seatId, seats_taken: record.seatsTaken ?? null }),
    ...(record.expiresAt !== undefined && { expires_at: record.expiresAt }),
    ...(record.seriesId !== undefined && { series_id: record.seriesId }),
  });
  return { booking, revision: record.revision };
}

/**
 * A hold as the command left it.
 *
 * @param at where its status is that of a later time: what has expired by then is not held any more
 */
export function showHold(
  written: Written,
  holdId: string,
  { livemode, at }: { readonly livemode: boolean; readonly at?: Instant },
): Hold {
  const state: CalendarState = asWritten(calendar.evolve, written);
  const hold = holdOf(state, holdId);
  if (!hold || state.userId === undefined) throw new Refusal('not_found');
  const status = hold.outcome !== 'open' ? hold.outcome : isLive(hold, at ?? hold.placedAt) ? 'held' : 'expired';
  return {
    id: hold.id,
    account_id: state.accountId ?? '',
    user_id: state.userId,
    user_ids: [...(hold.userIds ?? [state.userId])],
    event_type_id: hold.eventTypeId,
    start_time: toIso(hold.start),
    end_time: toIso(hold.end),
    status,
    expires_at: toIso(hold.expiresAt),
    livemode,
    created_at: toIso(hold.placedAt),
  };
}
