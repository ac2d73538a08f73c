import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, minute } from '@agentcal/shared/kernel/time';
import { Booking } from '@agentcal/shared/resources/booking';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Static } from 'typebox';
import { behalfOf } from './behalf.ts';
import { type Change, changeBooking } from './change-booking.ts';
import type { RescheduleBooking } from './commands.ts';
import { findRulesOfMove } from './prepare.ts';
import type { CalendarRouteDeps } from './route-deps.ts';
import { confirmWithinMs } from './rules.ts';
import { requireFresh, wantedIn } from './wanted.ts';
import { bookingParams, Cancel, DryRun, fault, Reschedule } from './wire.ts';

const rescheduleBooking = {
  operationId: 'rescheduleBooking',
  summary: 'Move a booking to another start',
  description: 'It keeps its id, its length and its host. Its own time is free for itself, and limits count it once.',
  params: bookingParams,
  querystring: DryRun,
  body: Reschedule,
  response: { 200: Booking },
};

const cancelBooking = {
  operationId: 'cancelBooking',
  summary: 'Cancel a booking; doing it again changes nothing and answers the same',
  params: bookingParams,
  querystring: DryRun,
  body: Cancel,
  response: { 200: Booking },
};

/** Moves and cancels bookings. */
export const bookingRoutes: FastifyPluginAsyncTypebox<CalendarRouteDeps> = async (app, deps) => {
  const config = { scope: 'bookings:write' } as const;
  const path = '/v1/accounts/:account_id/bookings/:booking_id';

  app.patch(path, { config, schema: rescheduleBooking }, (request, reply) =>
    changeBooking(deps, request, reply, (change) => move(deps, request.body, change)),
  );

  app.delete(path, { config, schema: cancelBooking }, (request, reply) =>
    changeBooking(deps, request, reply, async (change) => {
      const { asked, reason } = change;
      const behalf = await behalfOf(deps.executor, change, request.body?.on_behalf_of, 'cancellation');
      return { type: 'CancelBooking', data: { ...asked, ...behalf, reason } };
    }),
  );
};

async function move(
  { executor, slots }: CalendarRouteDeps,
  body: Static<typeof Reschedule>,
  change: Change,
): Promise<RescheduleBooking> {
  const { asked, booking, reason } = change;
  const { accountId, userId, at } = asked;
  if (body.user_id !== undefined && body.user_id !== userId) {
    throw new Refusal('host_unavailable', 'A booking stays with its host');
  }
  const start = startIn(body, booking, asked, slots);
  const { rules, eventType } = await findRulesOfMove(executor, accountId, { userId, booking, at });
  const behalf = await behalfOf(executor, change, body.on_behalf_of, 'rescheduling');
  const data = {
    ...asked,
    ...behalf,
    start,
    reason,
    confirmWithinMs: confirmWithinMs(eventType.state.settings),
    rules,
  };
  return { type: 'RescheduleBooking', data };
}

/** A slot has to be one that this booking could be in. */
function startIn(
  { start_time, slot_id }: Static<typeof Reschedule>,
  booking: Change['booking'],
  { userId, at }: Change['asked'],
  slots: CalendarRouteDeps['slots'],
): Instant {
  const named = { event_type_id: booking.eventTypeId, ...(start_time && { start_time }), ...(slot_id && { slot_id }) };
  const length = (booking.end - booking.start) / minute;
  const wanted = wantedIn({ ...named, user_id: userId, ...(slot_id && { duration_minutes: length }) }, slots);
  requireFresh(wanted, at);
  if (!('start' in wanted.time)) throw fault('start_time', 'is needed');
  return wanted.time.start;
}
