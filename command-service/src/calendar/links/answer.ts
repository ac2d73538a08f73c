import { setPosition } from '@agentcal/shared/http/position';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type PublicBooking, publicBookingView } from '@agentcal/shared/resources/public-booking';
import type { Vault } from '@agentcal/shared/vault/port';
import type { FastifyReply } from 'fastify';
import type { Executor } from '../../executor/port.ts';
import { findAnyUser } from '../../user/access.ts';
import { openProfile } from '../../user/profile.ts';
import { asWritten } from '../../write-answer.ts';
import * as calendar from '../decider.ts';
import type { Attendee } from '../events.ts';
import type { Written } from '../execution/carry-out.ts';
import { bookingOf, type CalendarState, isLive } from '../state/state.ts';
import type { Visit } from './visit.ts';

/** The zone in which times are told: the attendee's, or the first host's. */
export async function zoneOfVisitor(executor: Executor, vault: Vault, visit: Visit): Promise<string> {
  const { booking, link } = visit;
  const seat = booking.seats?.find(({ id }) => id === link.seatId);
  const [attendee] = (await vault.open([seat?.attendee ?? booking.details.attendee])) as (Attendee | null)[];
  if (attendee?.timezone !== undefined) return attendee.timezone;
  const { userIds: [lead = visit.userId] = [] } = booking;
  return (await findAnyUser(executor, visit.accountId, lead)).state.timezone;
}

interface Visited {
  readonly visit: Visit;
  readonly written: Written;
  readonly timezone: string;
  readonly dryRun: boolean | undefined;
}

/** The booking as the visitor has left it. */
export async function answerVisit(
  { executor, vault }: { readonly executor: Executor; readonly vault: Vault },
  reply: FastifyReply,
  { visit, written, timezone, dryRun }: Visited,
): Promise<PublicBooking> {
  const { link, accountId, userId, business, eventType, context } = visit;
  const state: CalendarState = asWritten(calendar.evolve, written);
  const booking = bookingOf(state, link.bookingId);
  if (!booking) throw new Refusal('link_expired');
  const users = await Promise.all(
    (booking.userIds ?? [userId]).map(async (id) => (await findAnyUser(executor, accountId, id)).state),
  );
  const profiles = await Promise.all(users.map(({ profile }) => openProfile(vault, profile)));
  if (dryRun) reply.header('agentcal-dry-run', 'true');
  else setPosition(reply, written.position);
  return publicBookingView({
    status: booking.status,
    start: booking.start,
    end: booking.end,
    timezone,
    business,
    hosts: profiles.map((profile) => profile?.name ?? null),
    meetingUrl: booking.details.meetingUrl ?? null,
    eventType: eventType.settings,
    purpose: link.purpose,
    open: isOpen(booking, link.seatId, context.at),
    at: context.at,
  });
}

function isOpen(booking: Visit['booking'], seatId: string | undefined, at: number): boolean {
  const ahead = booking.status === 'confirmed' || booking.status === 'pending';
  const seated = seatId === undefined || booking.seats?.some(({ id, left }) => id === seatId && !left);
  return ahead && booking.end > at && isLive(booking, at) && seated === true;
}
