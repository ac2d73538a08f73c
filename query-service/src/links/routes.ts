import { Refusal } from '@agentcal/shared/kernel/refusal';
import { minute, toIso } from '@agentcal/shared/kernel/time';
import { PublicBooking, publicBookingView } from '@agentcal/shared/resources/public-booking';
import { toLocalIso, weekdayOf } from '@agentcal/shared/scheduling/zone';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { rangeOf } from '../availability/range.ts';
import { DateOrInstant, config as freeTime, requireTimeZone, ShownIn } from '../availability/schemas.ts';
import { findStarts, whyNoneIn } from '../availability/starts.ts';
import type { ReadDeps } from '../deps.ts';
import { moving } from './moving.ts';
import { type Visit, visitBy } from './visit.ts';

const params = Type.Object({ token: Type.String() });

const getByLink = {
  operationId: 'getBookingByLink',
  summary: 'What the attendee of a booking sees by one of its links',
  params,
  response: { 200: PublicBooking },
};

const listByLink = {
  operationId: 'getAvailabilityByLink',
  summary: 'List the starts that a booking could be moved to by its link',
  description:
    'Of the same length, with the same host or hosts where they have to be there; its own time is free for itself.',
  params,
  querystring: Type.Object({
    start_date: DateOrInstant,
    end_date: DateOrInstant,
    timezone: ShownIn('the attendee’s'),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  }),
  response: {
    200: Type.Object(
      {
        data: Type.Array(
          Type.Object({
            start_time: Type.String(),
            end_time: Type.String(),
            local_start: Type.String(),
            weekday: Type.String(),
          }),
        ),
        timezone: Type.String(),
      },
      { title: 'AvailabilityByLink' },
    ),
  },
};

/** What an attendee reads by a link that was sent to them. What it lets them do is command-service's. */
export const linkRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, deps) => {
  const reads = ['bookings', 'accounts', 'users', 'event_types'] as const;
  // Whoever uses the same browser next has not been sent the link.
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get(
    '/v1/public/bookings/:token',
    { config: { public: true, reads }, schema: getByLink },
    async ({ params: { token } }) => {
      const now = deps.clock.now();
      const { link, booking, settings, business, hosts, userIds, timezone } = await visitBy(deps, token, now);
      return publicBookingView({
        status: booking.status,
        start: booking.start_time.getTime(),
        end: booking.end_time.getTime(),
        timezone,
        business,
        hosts: userIds.map((id) => hosts.get(id)?.name ?? null),
        meetingUrl: booking.meeting_url,
        eventType: settings ?? null,
        purpose: link.purpose,
        open: true,
        at: now,
      });
    },
  );

  app.get(
    '/v1/public/bookings/:token/availability',
    { config: { public: true, reads: [...reads, ...freeTime.reads] }, schema: listByLink },
    async ({ params: { token }, query }) => {
      requireTimeZone(query.timezone, 'query');
      const now = deps.clock.now();
      const visit = await visitBy(deps, token, now);
      if (visit.link.purpose !== 'reschedule') throw new Refusal('not_found', 'This link is for something else');
      const { booking, principal, timezone: theirs } = visit;
      const timezone = query.timezone ?? theirs;
      const range = rangeOf(query, timezone);
      const { account_id: accountId, event_type_id: eventTypeId } = booking;
      const asked = { accountId, eventTypeId, userIds: whoseTime(visit), range, now, booked: true };
      const known = await deps.load(principal, asked, 'query');
      const bounds = { from: range.start, to: range.end, limit: query.limit ?? 100 };
      const wanted = moving(known.query, booking);
      const { starts, durationMinutes } = findStarts(wanted, bounds);
      if (starts.length === 0 && whyNoneIn(wanted, bounds) === 'host_unavailable') throw hostRemoved();
      const data = starts.map((start) => ({
        start_time: toIso(start),
        end_time: toIso(start + durationMinutes * minute),
        local_start: toLocalIso(start, timezone),
        weekday: weekdayOf(start, timezone),
      }));
      return { data, timezone };
    },
  );
};

/**
 * As a move is decided: whoever leads the booking stays where the event type leaves it to one host who is named, and is
 * preferred, but not needed, where it is open whom of several it takes.
 *
 * @throws {Refusal} `host_unavailable`
 */
function whoseTime({ settings, userIds, hosts }: Visit): readonly string[] {
  if ((settings?.assignment ?? 'single') !== 'single') return [];
  const [lead] = userIds;
  if (!hosts.has(lead!)) throw hostRemoved();
  return [lead!];
}

function hostRemoved(): Refusal {
  return new Refusal('host_unavailable', 'The host has been removed');
}
