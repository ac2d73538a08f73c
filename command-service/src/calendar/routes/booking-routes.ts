import { type Instant, minute } from '@agentcal/shared/kernel/time';
import { Booking } from '@agentcal/shared/resources/booking';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Static } from 'typebox';
import { behalfOf } from '../requests/behalf.ts';
import { requireFresh, wantedIn } from '../requests/wanted.ts';
import { bookingParams, Cancel, DryRun, fault, Reschedule } from '../requests/wire.ts';
import { type Change, changeBooking } from './change-booking.ts';
import type { CalendarRouteDeps } from './route-deps.ts';

const rescheduleBooking = {
  operationId: 'rescheduleBooking',
  summary: 'Move a booking to another start or another host',
  description:
    'It keeps its id and its length, and its hosts where they can. `user_id` names another host, or who is to lead. ' +
    'Its own time is free for itself, and limits count it once.',
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

async function move(deps: CalendarRouteDeps, body: Static<typeof Reschedule>, change: Change) {
  const { asked, booking, context, reason } = change;
  const { start, userId: leadId } = wantedBy(body, change, deps.slots);
  const behalf = await behalfOf(deps.executor, change, body.on_behalf_of, 'rescheduling');
  return deps.plans.prepareMove({ ...asked, ...behalf, booking, context, start, leadId, reason });
}

/** A slot has to be one that this booking could be in. */
function wantedBy(
  { start_time, slot_id, user_id }: Static<typeof Reschedule>,
  { booking, asked: { at } }: Change,
  slots: CalendarRouteDeps['slots'],
): { readonly start: Instant; readonly userId?: string | undefined } {
  const named = { event_type_id: booking.eventTypeId, ...(start_time && { start_time }), ...(slot_id && { slot_id }) };
  const length = (booking.end - booking.start) / minute;
  const whose = user_id !== undefined && { user_id };
  const wanted = wantedIn({ ...named, ...whose, ...(slot_id && { duration_minutes: length }) }, slots);
  requireFresh(wanted, at);
  if (!('start' in wanted.time)) throw fault('start_time', 'is needed');
  return { start: wanted.time.start, userId: wanted.userId };
}
