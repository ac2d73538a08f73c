import type { FastifyPluginAsync } from 'fastify';
import { bookingRoutes } from './booking-routes.ts';
import { createBookingRoute } from './create-booking.ts';
import { holdRoutes } from './hold-routes.ts';
import { lifecycleRoutes } from './lifecycle-routes.ts';
import { linkRoutes } from './link-routes.ts';
import type { CalendarRouteDeps } from './route-deps.ts';

/** The write side of holds and bookings. */
export const calendarRoutes: FastifyPluginAsync<CalendarRouteDeps> = async (app, deps) => {
  await app.register(createBookingRoute, deps);
  await app.register(bookingRoutes, deps);
  await app.register(lifecycleRoutes, deps);
  await app.register(holdRoutes, deps);
  await app.register(linkRoutes, deps);
};
