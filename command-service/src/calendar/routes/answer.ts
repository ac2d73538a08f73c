import { setEtag } from '@agentcal/shared/http/etag';
import { setPosition } from '@agentcal/shared/http/position';
import type { Booking } from '@agentcal/shared/resources/booking';
import type { FastifyReply } from 'fastify';
import type { Written } from '../execution/carry-out.ts';
import type { CalendarRouteDeps } from './route-deps.ts';
import { type Known, showBooking } from './show.ts';

/** A booking as the command left it. Its ETag is its own: what else happens in the calendar does not change it. */
export async function answerBooking(
  reply: FastifyReply,
  { vault, links, clock }: Pick<CalendarRouteDeps, 'vault' | 'links' | 'clock'>,
  written: Written,
  bookingId: string,
  { dryRun, ...known }: Known & { readonly dryRun?: boolean | undefined },
): Promise<Booking> {
  const { booking, revision } = await showBooking(vault, written, bookingId, known);
  if (dryRun) {
    reply.header('agentcal-dry-run', 'true');
    return booking;
  }
  setPosition(reply, written.position);
  setEtag(reply, revision);
  return links.addTo(booking, clock.now());
}
