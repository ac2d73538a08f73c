import type { ReadModel } from '@agentcal/projection-service/tables';
import type { Principal } from '@agentcal/shared/http/principal';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { BookingStatus } from '@agentcal/shared/resources/booking';
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import { defaultLimit, invalidCursor, type PageQuery, pageOf, readCursor } from '../page.ts';
import { inAccount, owned, requireAccount } from '../tenant.ts';
import { type Shown, show } from './show.ts';

export const orders = ['start_time', '-start_time', 'created_at', '-created_at'] as const;
export type Order = (typeof orders)[number];

export interface BookingFilters extends PageQuery {
  readonly user_id?: string;
  readonly event_type_id?: string;
  readonly series_id?: string;
  readonly status?: readonly BookingStatus[];
  readonly attendee_email?: string;
  readonly from?: string;
  readonly to?: string;
  readonly order?: Order;
}

type Bookings = SelectQueryBuilder<ReadModel, 'bookings', ReadModel['bookings']>;

/** One page of an account's bookings. @throws {Refusal} `not_found` where there is no such account */
export async function bookingsPage(
  db: Kysely<ReadModel>,
  principal: Principal,
  accountId: string,
  filters: BookingFilters,
  shown: Shown,
) {
  const { limit = defaultLimit, order = 'start_time' } = filters;
  const all = inAccount(db, 'bookings', principal, accountId).selectAll('bookings');
  const rows = await ordered(filtered(db, principal, all, filters, shown.now), filters)
    .limit(limit + 1)
    .execute();
  if (rows.length === 0) await requireAccount(db, principal, accountId);
  const byStart = order.endsWith('start_time');
  return pageOf(rows, filters, {
    view: (row) => show(row, shown),
    keyOf: (row) => (byStart ? [order, row.start_time.getTime(), Number(row.position)] : [order, Number(row.position)]),
  });
}

function filtered(
  db: Kysely<ReadModel>,
  principal: Principal,
  rows: Bookings,
  filters: BookingFilters,
  now: Instant,
): Bookings {
  const { user_id, event_type_id, series_id, status, attendee_email, from, to } = filters;
  return rows
    .$if(user_id !== undefined, (rows) => rows.where(isWith(db, principal, user_id!)))
    .$if(event_type_id !== undefined, (rows) => rows.where('bookings.event_type_id', '=', event_type_id!))
    .$if(series_id !== undefined, (rows) => rows.where('bookings.series_id', '=', series_id!))
    .$if(status !== undefined && status.length > 0, (rows) => rows.where(statusAt(now), 'in', status!))
    .$if(from !== undefined, (rows) => rows.where('bookings.start_time', '>=', new Date(from!)))
    .$if(to !== undefined, (rows) => rows.where('bookings.start_time', '<', new Date(to!)))
    .$if(attendee_email !== undefined, (rows) => rows.where(isOf(db, principal, attendee_email!.toLowerCase())));
}

/** Who attends: as the lead, or beside them. */
function isWith(db: Kysely<ReadModel>, principal: Principal, userId: string) {
  const beside = owned(db, 'booking_hosts', principal).select('booking_id').where('user_id', '=', userId);
  return sql<boolean>`(bookings.user_id = ${userId} or bookings.id in (${beside}))`;
}

/** As `show` says it. */
function statusAt(now: Instant) {
  return sql<BookingStatus>`case when bookings.status = 'pending' and bookings.expires_at <= ${new Date(now)}
    then 'declined' else bookings.status end`;
}

/** Whose booking it is: theirs alone, or one of which they have a seat. */
function isOf(db: Kysely<ReadModel>, principal: Principal, email: string) {
  const seats = owned(db, 'booking_seats', principal).select('booking_id').where('attendee_email', '=', email);
  return sql<boolean>`(bookings.attendee_email = ${email} or bookings.id in (${seats}))`;
}

/**
 * By start and then by place in the log, or by place alone, which is the order of creation. Both tell rows apart, so
 * a page goes on exactly where the last one ended.
 */
function ordered(rows: Bookings, { order = 'start_time', cursor }: BookingFilters): Bookings {
  const direction = order.startsWith('-') ? 'desc' : 'asc';
  const after = sql.raw(direction === 'asc' ? '>' : '<');
  if (order.endsWith('created_at')) {
    const sorted = rows.orderBy('bookings.position', direction);
    if (cursor === undefined) return sorted;
    const [itsOrder, position] = readCursor(cursor, ['string', 'number']);
    if (itsOrder !== order) throw invalidCursor();
    return sorted.where(sql<boolean>`bookings.position ${after} ${position}`);
  }
  const sorted = rows.orderBy('bookings.start_time', direction).orderBy('bookings.position', direction);
  if (cursor === undefined) return sorted;
  const [itsOrder, start, position] = readCursor(cursor, ['string', 'number', 'number']);
  if (itsOrder !== order || start < 0 || start > lastInstant) throw invalidCursor();
  return sorted.where(
    sql<boolean>`(bookings.start_time, bookings.position) ${after} (${new Date(start)}, ${position})`,
  );
}

const lastInstant = Date.parse('9999-12-31T23:59:59.999Z');
