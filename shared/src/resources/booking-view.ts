import { type Instant, toIso } from '../kernel/time.ts';
import type { Booking, BookingStatus } from './booking.ts';

/** What is known of a booking; instants in ms. Personal data is null once the person has been erased. */
export interface BookingFacts {
  readonly id: string;
  readonly account_id: string;
  readonly user_id: string;
  /** Everybody who attends, the lead first, where it is not the one user alone. */
  readonly user_ids?: readonly string[] | null;
  readonly event_type_id: string;
  /** The series or sequence that it was booked in. */
  readonly series_id?: string | null;
  readonly start_time: Instant;
  readonly end_time: Instant;
  readonly status: BookingStatus;
  readonly attendee: AttendeeFacts | null;
  readonly seat_id?: string | null;
  readonly seats_taken?: number | null;
  readonly expires_at?: Instant | null;
  readonly cancellation_reason: string | null;
  readonly calendar_event_id?: string | null;
  readonly meeting_url?: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly livemode: boolean;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

export interface AttendeeFacts {
  readonly email: string;
  readonly name: string;
  readonly timezone?: string;
  readonly phone?: string;
  readonly guests?: readonly { readonly email: string; readonly name?: string }[];
  readonly answers?: Readonly<Record<string, unknown>>;
}

/** The one way in which a booking is shown: by an answer, a list, a webhook and the event stream alike. */
export function bookingView(facts: BookingFacts): Booking {
  const { attendee } = facts;
  return {
    id: facts.id,
    account_id: facts.account_id,
    user_id: facts.user_ids?.[0] ?? facts.user_id,
    user_ids: [...(facts.user_ids ?? [facts.user_id])],
    event_type_id: facts.event_type_id,
    ...(facts.series_id && { series_id: facts.series_id }),
    start_time: toIso(facts.start_time),
    end_time: toIso(facts.end_time),
    status: facts.status,
    attendee: attendee && personOf(attendee),
    ...(attendee?.guests && { guests: [...attendee.guests] }),
    ...(attendee?.answers && { answers: attendee.answers }),
    ...(facts.seat_id && { seat_id: facts.seat_id }),
    ...(typeof facts.seats_taken === 'number' && { seats_taken: facts.seats_taken }),
    ...(facts.status === 'pending' && typeof facts.expires_at === 'number' && { expires_at: toIso(facts.expires_at) }),
    calendar_event_id: facts.calendar_event_id ?? null,
    meeting_url: facts.meeting_url ?? null,
    cancellation_reason: facts.cancellation_reason,
    metadata: facts.metadata,
    livemode: facts.livemode,
    created_at: toIso(facts.created_at),
    updated_at: toIso(facts.updated_at),
  };
}

function personOf({ email, name, timezone, phone }: AttendeeFacts): NonNullable<Booking['attendee']> {
  return { email, name, ...(timezone !== undefined && { timezone }), ...(phone !== undefined && { phone }) };
}
