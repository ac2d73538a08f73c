import { calendarEvents } from '@agentcal/command-service/calendar/events';
import { minute } from '@agentcal/shared/kernel/time';
import { type ConsumedEvent, type ConsumedOf, defineProjection } from '../../engine/consumer.ts';
import type { Change } from '../../engine/fold.ts';
import type { RowOf } from '../../engine/table.ts';
import { tenantOf } from '../common.ts';
import { blocked, type PackableClaim, spansOf, withBusy, withClaim, withoutClaim } from './pack.ts';
import { calendarSpans, claims } from './table.ts';

type ClaimRow = RowOf<(typeof claims)['columns']>;
type SpanRow = RowOf<(typeof calendarSpans)['columns']>;
type Event<T extends string> = Extract<ConsumedOf<typeof calendarEvents>, { type: T }>;
type Booked = Event<'calendar.booking-created.v1' | 'calendar.booking-requested.v1'>;

const byBooking = (event: { data: { booking_id: string } }) => [{ id: event.data.booking_id }];
/** The booking, and what became part of it: a hold, a part that a plan had claimed. */
const byBookingAndBefore = ({ data }: { data: { booking_id: string; hold_id?: string; part_id?: string } }) =>
  [data.booking_id, data.hold_id, data.part_id].flatMap((id) => (id === undefined ? [] : [{ id }]));

const gone = { claims: { keys: byBooking, fold: () => undefined } };

/**
 * What makes users busy, packed by 28 days. First each claim by its id, because most events name only that; then
 * the spans, out of each claim's change.
 */
export const availabilityProjection = defineProjection({
  name: 'availability',
  version: 2,
  definitions: calendarEvents,
  tables: { claims, calendar_spans: calendarSpans },
  on: {
    'calendar.opened.v1': 'ignored',
    'calendar.slot-held.v1': {
      claims: {
        keys: (event) => [{ id: event.data.hold_id }],
        fold: (_, event) => ({
          id: event.data.hold_id,
          ...claimOf(event),
          expires_at: Date.parse(event.data.expires_at),
          seats_taken: 1,
        }),
      },
    },
    'calendar.hold-released.v1': {
      claims: { keys: (event) => [{ id: event.data.hold_id }], fold: () => undefined },
    },
    'calendar.booking-created.v1': {
      claims: { keys: byBookingAndBefore, fold: (_, event, { id }) => booked(event, id, null) },
    },
    'calendar.booking-requested.v1': {
      claims: {
        keys: byBookingAndBefore,
        fold: (_, event, { id }) => booked(event, id, Date.parse(event.data.expires_at)),
      },
    },
    'calendar.booking-confirmed.v1': {
      claims: { keys: byBooking, fold: (row) => row && { ...row, expires_at: null } },
    },
    'calendar.booking-declined.v1': gone,
    'calendar.booking-cancelled.v1': gone,
    'calendar.booking-rescheduled.v1': {
      claims: {
        keys: byBookingAndBefore,
        fold: (row, event, { id }) => (id === event.data.booking_id ? moved(row, event) : undefined),
      },
    },
    'calendar.part-claimed.v1': {
      claims: {
        keys: ({ data }) =>
          (data.hold_id === undefined ? [data.part_id] : [data.part_id, data.hold_id]).map((id) => ({ id })),
        fold: (_, event, { id }) =>
          id === event.data.part_id ? { id, ...claimOf(event), expires_at: null, seats_taken: null } : undefined,
      },
    },
    'calendar.part-released.v1': {
      claims: { keys: (event) => [{ id: event.data.part_id }], fold: () => undefined },
    },
    // The time has been used: limits go on counting it.
    'calendar.booking-completed.v1': 'ignored',
    'calendar.booking-no-show.v1': 'ignored',
    'calendar.booking-linked.v1': 'ignored',
    'calendar.attendee-joined.v1': {
      claims: {
        keys: byBookingAndBefore,
        fold: (row, event, { id }) =>
          row && id === event.data.booking_id ? { ...row, seats_taken: (row.seats_taken ?? 0) + 1 } : undefined,
      },
    },
    'calendar.attendee-left.v1': {
      claims: { keys: byBooking, fold: (row) => row && { ...row, seats_taken: (row.seats_taken ?? 0) - 1 } },
    },
    'calendar.external-busy-mirrored.v1': {
      calendar_spans: {
        keys: ({ data }) => spansOf(windowOf(data)).map((span) => ({ user_id: data.user_id, span })),
        fold: (row, event, { span }) => {
          const { data } = event;
          const before = row ?? { user_id: data.user_id, span, ...tenantOf(event), claims: {}, busy: {} };
          const busy = data.busy.map(({ start_time, end_time }) => intervalOf(start_time, end_time));
          return unlessEmpty({ ...before, busy: withBusy(before.busy, span, data.source, windowOf(data), busy) });
        },
      },
    },
  },
  follows: {
    calendar_spans: {
      claims: {
        keys: ({ before, after }) => {
          const spans = new Set([before, after].flatMap((row) => (row ? spansOf(blocked(packable(row))) : [])));
          return [...spans].map((span) => ({ user_id: (after ?? before)!.user_id, span }));
        },
        fold: (row, change, { span }) => repacked(row, change, span),
      },
    },
  },
});

/** The span with a claim as it is now instead of as it was. */
function repacked(row: SpanRow | undefined, { before, after }: Change<ClaimRow>, span: number): SpanRow | undefined {
  const { user_id, organization_id, livemode } = (after ?? before)!;
  const old = row ?? { user_id, span, organization_id, livemode, claims: {}, busy: {} };
  const meets = (claim: ClaimRow) => spansOf(blocked(packable(claim))).includes(span);
  const without = before && meets(before) ? withoutClaim(old.claims, span, packable(before)) : old.claims;
  return unlessEmpty({ ...old, claims: after && meets(after) ? withClaim(without, span, packable(after)) : without });
}

function unlessEmpty(row: SpanRow): SpanRow | undefined {
  return Object.keys(row.claims).length === 0 && Object.keys(row.busy).length === 0 ? undefined : row;
}

/** The hold of a booking is gone once the booking is there. */
function booked(event: Booked, id: string, expiresAt: number | null): ClaimRow | undefined {
  if (id !== event.data.booking_id) return undefined;
  return { id, ...claimOf(event), expires_at: expiresAt, seats_taken: event.data.seat_id === undefined ? null : 1 };
}

/** It takes time of this calendar while the calendar's user is one of its hosts; that may begin or end with a move. */
function moved(row: ClaimRow | undefined, event: Event<'calendar.booking-rescheduled.v1'>): ClaimRow | undefined {
  const { booking_id: id, user_id, user_ids, event_type_id, expires_at } = event.data;
  if (user_ids && !user_ids.includes(user_id)) return undefined;
  const back = event_type_id === undefined ? undefined : claimOf({ ...event, data: { ...event.data, event_type_id } });
  const before = row ?? (back && { id, ...back, expires_at: null, seats_taken: null });
  if (!before) return undefined;
  return {
    ...before,
    ...timesOf(event.data),
    expires_at: expires_at === undefined ? before.expires_at : Date.parse(expires_at),
  };
}

type Claiming = Pick<ConsumedEvent, 'metadata' | 'revision' | 'position'> & {
  readonly data: Pick<Booked['data'], 'user_id' | 'event_type_id' | 'start_time' | 'end_time' | 'judged_by'>;
};

function claimOf(event: Claiming) {
  const { user_id, event_type_id } = event.data;
  return { ...tenantOf(event), user_id, event_type_id, ...timesOf(event.data) };
}

function timesOf(data: Pick<Booked['data'], 'start_time' | 'end_time' | 'judged_by'>) {
  return {
    start_time: Date.parse(data.start_time),
    end_time: Date.parse(data.end_time),
    buffer_before_ms: data.judged_by.buffer_before * minute,
    buffer_after_ms: data.judged_by.buffer_after * minute,
  };
}

const intervalOf = (start: string, end: string) => ({ start: Date.parse(start), end: Date.parse(end) });

const windowOf = (data: { window_start: string; window_end: string }) => intervalOf(data.window_start, data.window_end);

function packable(row: ClaimRow): PackableClaim {
  return {
    eventTypeId: row.event_type_id,
    start: row.start_time,
    end: row.end_time,
    bufferBeforeMs: row.buffer_before_ms,
    bufferAfterMs: row.buffer_after_ms,
    expiresAt: row.expires_at,
    seatsTaken: row.seats_taken,
  };
}
