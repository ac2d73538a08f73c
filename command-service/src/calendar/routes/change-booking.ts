import { commandContext } from '@agentcal/shared/http/command-context';
import { ifMatch } from '@agentcal/shared/http/etag';
import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { isId, userOf } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { Booking } from '@agentcal/shared/resources/booking';
import type { Sealed } from '@agentcal/shared/vault/port';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findAccount } from '../../account/access.ts';
import type { PlanMove } from '../../scheduling/commands.ts';
import type { CalendarCommand } from '../commands.ts';
import { carryOut, preparedOrRepeat, withSlotIds } from '../execution/carry-out.ts';
import { sealReason, unsealed } from '../requests/personal.ts';
import { findBooking } from '../requests/prepare.ts';
import type { BookingRecord } from '../state/state.ts';
import { answerBooking } from './answer.ts';
import type { CalendarRouteDeps } from './route-deps.ts';

/** What every command about one booking carries, and the booking as it was a moment ago. */
export interface Change {
  readonly asked: {
    readonly userId: string;
    readonly accountId: string;
    readonly bookingId: string;
    readonly at: Instant;
    readonly ifRevision: number | undefined;
  };
  readonly booking: BookingRecord;
  readonly context: CommandContext;
  readonly reason: Sealed | undefined;
}

interface ChangeRequest {
  readonly principal: FastifyRequest['principal'];
  readonly params: { readonly account_id: string; readonly booking_id: string };
  readonly query: { readonly dry_run?: boolean };
}

/** One request about one booking: found in the account, its command carried out, answered as it is then. */
export async function changeBooking(
  deps: CalendarRouteDeps,
  request: ChangeRequest & Parameters<typeof commandContext>[0],
  reply: FastifyReply,
  prepare: (change: Change) => CalendarCommand | Promise<CalendarCommand | PlanMove>,
): Promise<Booking> {
  const { executor, vault, clock, slots } = deps;
  const { account_id: accountId, booking_id: bookingId } = request.params;
  const { dry_run: dryRun } = request.query;
  // Where a route takes a body, its schema allows a reason in it; it may have come without one.
  const said = (request.body as { readonly reason?: string } | null | undefined)?.reason;
  await findAccount(executor, request.principal, accountId);
  if (!isId('booking', bookingId)) throw new Refusal('not_found');
  const userId = userOf(bookingId);
  const context = commandContext(request, clock);
  const booking = await findBooking(executor, accountId, bookingId, userId);
  const asked = { userId, accountId, bookingId, at: context.at, ifRevision: ifMatch(request) };
  const offered = { eventTypeId: booking.eventTypeId, at: context.at };
  const command = await preparedOrRepeat(context, async () => {
    const sealed = said !== undefined && (dryRun ? unsealed : await sealReason(vault, asked, booking, said));
    const preparing = prepare({ asked, booking, context, reason: sealed || undefined });
    return withSlotIds(slots, { ...offered, byHosts: true }, Promise.resolve(preparing));
  });
  const order = { userId, command, context, dryRun };
  const byHosts = command.type === 'PlanMove';
  const written = await withSlotIds(slots, { ...offered, byHosts }, carryOut(executor, order));
  const cancelling = dryRun && command.type === 'CancelBooking' && said !== undefined && { reason: said };
  return answerBooking(reply, deps, written, bookingId, { livemode: context.livemode, dryRun, ...cancelling });
}
