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
  const userIds = booking.user_ids ?? [booking.user_id];
  const users = await owned(db, 'users', principal)
    .select(['users.id', 'users.name', 'users.timezone'])
    .where('users.id', 'in', userIds)
    .execute();
  const hosts = new Map(users.map(({ id, ...user }) => [id, user]));
  const isFirst = link.seatId === undefined || link.seatId === booking.seat_id;
  const theirs = isFirst ? booking.attendee?.timezone : undefined;
  const timezone = theirs ?? hosts.get(userIds[0]!)?.timezone ?? 'UTC';
  return { link, booking, business: account.name, hosts, userIds, principal, timezone };
}

function isOpen(booking: ReadModel['bookings'], now: Instant): boolean {
  const ahead = booking.status === 'confirmed' || booking.status === 'pending';
  return ahead && !hasExpired(booking, now) && booking.end_time.getTime() > now;
}

function ownerOf({ organization_id: organizationId, livemode }: ReadModel['bookings']): Principal {
  return { organizationId, livemode, keyId: '', kind: 'publishable', scopes: new Set() };
}
