import { isId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { Booking } from '@agentcal/shared/resources/booking';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { behalfOf } from '../requests/behalf.ts';
import { requireOthersFree } from '../requests/other-hosts.ts';
import { Because, bookingParams, Cancel, DryRun } from '../requests/wire.ts';
import { changeBooking } from './change-booking.ts';
import type { CalendarRouteDeps } from './route-deps.ts';

const common = { params: bookingParams, querystring: DryRun, response: { 200: Booking } };

const confirmBooking = {
  ...common,
  operationId: 'confirmBooking',
  summary: 'The host accepts a pending booking',
};

const declineBooking = {
  ...common,
  operationId: 'declineBooking',
  summary: 'The host declines a pending booking; its time is free from then on',
  body: Type.Union([Because, Type.Null()]),
};

const markNoShow = {
  ...common,
  operationId: 'markBookingNoShow',
  summary: 'The attendee did not come; from the start of the meeting until 30 days after it',
};

const leaveSeat = {
  ...common,
  operationId: 'leaveSeat',
  summary: 'Give one attendee’s seat back; with the last one the booking is cancelled',
  params: Type.Object({ ...bookingParams.properties, seat_id: Type.String() }),
  body: Cancel,
};

/** What becomes of a booking besides being moved and cancelled. */
export const lifecycleRoutes: FastifyPluginAsyncTypebox<CalendarRouteDeps> = async (app, deps) => {
  const config = { scope: 'bookings:write', ifMatch: true } as const;
  const path = '/v1/accounts/:account_id/bookings/:booking_id';

  app.post(`${path}/confirm`, { config, schema: confirmBooking }, (request, reply) =>
    changeBooking(deps, request, reply, async (change) => {
      await requireOthersFree(deps.executor, change);
      return { type: 'ConfirmBooking', data: change.asked };
    }),
  );

  app.post(`${path}/decline`, { config, schema: declineBooking }, (request, reply) =>
    changeBooking(deps, request, reply, ({ asked, reason }) => ({
      type: 'DeclineBooking',
      data: { ...asked, reason },
    })),
  );

  app.post(`${path}/no-show`, { config, schema: markNoShow }, (request, reply) =>
    changeBooking(deps, request, reply, ({ asked }) => ({ type: 'MarkNoShow', data: asked })),
  );

  app.delete(`${path}/seats/:seat_id`, { config, schema: leaveSeat }, (request, reply) => {
    const { seat_id: seatId } = request.params;
    if (!isId('seat', seatId)) throw new Refusal('not_found');
    return changeBooking(deps, request, reply, async (change) => {
      const { asked, reason } = change;
      const behalf = await behalfOf(deps.executor, change, request.body?.on_behalf_of, 'cancellation');
      return { type: 'LeaveSeat', data: { ...asked, ...behalf, seatId, reason } };
    });
  });
};
