import type { ReadModel } from '@agentcal/projection-service/tables';
import type { BookingLink } from '@agentcal/shared/http/booking-link';
import type { Principal } from '@agentcal/shared/http/principal';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant } from '@agentcal/shared/kernel/time';
import { hasExpired } from '../bookings/show.ts';
import type { ReadDeps } from '../deps.ts';
import { owned } from '../tenant.ts';

/** Somebody has come with a link: the booking that it is about, while it is open. */
export interface Visit {
  readonly link: BookingLink;
  readonly booking: ReadModel['bookings'];
  readonly business: string;
  /** As it is now, also where it is not offered any more; undefined while the read models do not know it yet. */
  readonly settings: ReadModel['event_types']['settings'] | undefined;
  /** Names and zones by id; whoever has been removed is not in it. */
  readonly hosts: ReadonlyMap<string, { readonly name: string | null; readonly timezone: string }>;
  readonly userIds: readonly string[];
  /** In whose name the rest is read: the organization that the booking is of. */
  readonly principal: Principal;
  /** The attendee's where it is known, or the first host's. */
  readonly timezone: string;
}

/**
 * The link is what lets its bearer in, so the booking is read by its id alone; everything else by whose it is.
 *
 * @throws {Refusal} `not_found` for what is no link of ours, `link_expired` where there is nothing to do with it any more
 */
export async function visitBy({ db, links }: ReadDeps, token: string, now: Instant): Promise<Visit> {
  const link = links.read(token);
  const booking = await db.selectFrom('bookings').selectAll().where('id', '=', link.bookingId).executeTakeFirst();
  if (!booking) throw new Refusal('not_found');
  const principal = ownerOf(booking);
  const account = await owned(db, 'accounts', principal)
    .select('accounts.name')
    .where('accounts.id', '=', booking.account_id)
    .executeTakeFirst();
  if (!account || !isOpen(booking, now)) throw new Refusal('link_expired');
  const seat = link.seatId === undefined ? undefined : await findSeat(db, principal, link.bookingId, link.seatId);
  const eventType = await owned(db, 'event_types', principal)
    .select('event_types.settings')
    .where('event_types.id', '=', booking.event_type_id)
    .executeTakeFirst();
  const userIds = booking.user_ids ?? [booking.user_id];
  const users = await owned(db, 'users', principal)
    .select(['users.id', 'users.name', 'users.timezone'])
    .where('users.id', 'in', userIds)
    .execute();
  const hosts = new Map(users.map(({ id, ...user }) => [id, user]));
  const theirs = seat ? seat.timezone : booking.attendee?.timezone;
  const timezone = theirs ?? hosts.get(userIds[0]!)?.timezone ?? 'UTC';
  const { settings } = eventType ?? {};
  return { link, booking, settings, business: account.name, hosts, userIds, principal, timezone };
}

/** @throws {Refusal} `link_expired` where it has been given back */
async function findSeat(db: ReadDeps['db'], principal: Principal, bookingId: string, seatId: string) {
  const seat = await owned(db, 'booking_seats', principal)
    .select('booking_seats.timezone')
    .where('booking_seats.booking_id', '=', bookingId)
    .where('booking_seats.seat_id', '=', seatId)
    .executeTakeFirst();
  if (!seat) throw new Refusal('link_expired');
  return seat;
}

function isOpen(booking: ReadModel['bookings'], now: Instant): boolean {
  const ahead = booking.status === 'confirmed' || booking.status === 'pending';
  return ahead && !hasExpired(booking, now) && booking.end_time.getTime() > now;
}

function ownerOf({ organization_id: organizationId, livemode }: ReadModel['bookings']): Principal {
  return { organizationId, livemode, keyId: '', kind: 'publishable', scopes: new Set() };
}
