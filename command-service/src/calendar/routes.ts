import type { FastifyPluginAsync } from 'fastify';
import { linkRoutes } from './links/link-routes.ts';
import { bookingRoutes } from './routes/booking-routes.ts';
import { createBookingRoute } from './routes/create-booking.ts';
import { holdRoutes } from './routes/hold-routes.ts';
import { lifecycleRoutes } from './routes/lifecycle-routes.ts';
import type { CalendarRouteDeps } from './routes/route-deps.ts';

/** The write side of holds and bookings. */
export const calendarRoutes: FastifyPluginAsync<CalendarRouteDeps> = async (app, deps) => {
  await app.register(createBookingRoute, deps);
  await app.register(bookingRoutes, deps);
  await app.register(lifecycleRoutes, deps);
  await app.register(holdRoutes, deps);
  await app.register(linkRoutes, deps);
};
