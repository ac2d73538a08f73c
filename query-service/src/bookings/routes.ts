import { setEtag } from '@agentcal/shared/http/etag';
import { InstantText, Page } from '@agentcal/shared/http/schemas';
import { Booking, BookingStatus } from '@agentcal/shared/resources/booking';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { pageQuery } from '../page.ts';
import { found, inAccount } from '../tenant.ts';
import { bookingsPage, orders } from './queries.ts';
import { hasExpired, show } from './show.ts';

export const bookingFilters = Type.Object({
  ...pageQuery,
  user_id: Type.Optional(Type.String({ maxLength: 64, description: 'One of the hosts' })),
  event_type_id: Type.Optional(Type.String({ maxLength: 64 })),
  series_id: Type.Optional(Type.String({ maxLength: 64 })),
  status: Type.Optional(Type.Array(BookingStatus, { maxItems: 6, description: 'One or several, each as a parameter' })),
  attendee_email: Type.Optional(Type.String({ maxLength: 254, description: 'In whatever case' })),
  from: Type.Optional({ ...InstantText, description: 'Bookings that start then or later' }),
  to: Type.Optional({ ...InstantText, description: 'Bookings that start before then' }),
  order: Type.Optional(Type.Enum(orders, { default: 'start_time', description: 'With a minus, the last first' })),
});

const listBookings = {
  operationId: 'listBookings',
  summary: 'List bookings of an account',
  params: Type.Object({ account_id: Type.String() }),
  querystring: bookingFilters,
  response: { 200: Page(Booking) },
};

const getBooking = {
  operationId: 'getBooking',
  summary: 'Read a booking',
  params: Type.Object({ account_id: Type.String(), booking_id: Type.String() }),
  response: { 200: Booking },
};

export const bookingRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, { db, clock, links }) => {
  const config = { scope: 'bookings:read', reads: ['accounts', 'bookings'] } as const;

  app.get('/v1/accounts/:account_id/bookings', { config, schema: listBookings }, async ({ principal, params, query }) =>
    bookingsPage(db, principal, params.account_id, query, { now: clock.now(), links }),
  );

  app.get(
    '/v1/accounts/:account_id/bookings/:booking_id',
    { config, schema: getBooking },
    async ({ principal, params }, reply) => {
      const rows = inAccount(db, 'bookings', principal, params.account_id).selectAll('bookings');
      const booking = found(await rows.where('bookings.id', '=', params.booking_id).executeTakeFirst());
      const now = clock.now();
      // Once expired it is shown as another than at that revision, and nothing can be changed at any.
      if (!hasExpired(booking, now)) setEtag(reply, booking.revision);
      return show(booking, { now, links });
    },
  );
};
