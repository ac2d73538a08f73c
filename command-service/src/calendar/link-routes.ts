import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant } from '@agentcal/shared/kernel/time';
import { PublicBooking } from '@agentcal/shared/resources/public-booking';
import type { Slot } from '@agentcal/shared/resources/slot';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { prepareMove } from '../scheduling/move.ts';
import { carryOut, preparedOrRepeat, type Written } from './carry-out.ts';
import type { CalendarCommand } from './commands.ts';
import { answerVisit, zoneOfVisitor } from './link-answer.ts';
import { type Visit, visitBy } from './link-visit.ts';
import { sealReason } from './personal.ts';
import type { CalendarRouteDeps } from './route-deps.ts';
import { Because, RescheduleByLink, wholeMinute } from './wire.ts';

const params = Type.Object({ token: Type.String() });

const cancelByLink = {
  operationId: 'cancelByLink',
  summary: 'The attendee cancels by a link; doing it again changes nothing and answers the same',
  description: 'Of a booking with seats, the link’s own seat is given back. Held to the event type’s `cancellation`.',
  params,
  body: Type.Union([Because, Type.Null()]),
  response: { 200: PublicBooking },
};

const rescheduleByLink = {
  operationId: 'rescheduleByLink',
  summary: 'The attendee moves their booking by a link',
  description: 'The link stays good, also for the new time. Held to the event type’s `rescheduling`.',
  params,
  body: RescheduleByLink,
  response: { 200: PublicBooking },
};

/** What an attendee does about their booking, by a link that was sent to them. See docs/decisions/0113. */
export const linkRoutes: FastifyPluginAsyncTypebox<CalendarRouteDeps> = async (app, deps) => {
  const { executor, vault } = deps;
  const config = { public: true } as const;

  app.post('/v1/public/bookings/:token/cancel', { config, schema: cancelByLink }, async (request, reply) => {
    const visit = await visitBy(deps, request, 'cancel');
    const timezone = await zoneOfVisitor(executor, vault, visit);
    const command = await preparedOrRepeat(visit.context, async (): Promise<CalendarCommand> => {
      const asked = await askedBy(deps, visit, request.body?.reason);
      const data = { ...asked, policy: visit.eventType.settings.cancellation };
      const { seatId } = visit.link;
      return seatId === undefined ? { type: 'CancelBooking', data } : { type: 'LeaveSeat', data: { ...data, seatId } };
    });
    const written = await asVisitor(carryOut(executor, { ...visit, command }));
    return answerVisit(deps, reply, { visit, written, timezone });
  });

  app.post('/v1/public/bookings/:token/reschedule', { config, schema: rescheduleByLink }, async (request, reply) => {
    const start = wholeMinute(request.body.start_time);
    const visit = await visitBy(deps, request, 'reschedule');
    const timezone = await zoneOfVisitor(executor, vault, visit);
    const command = await preparedOrRepeat(visit.context, () =>
      move(deps, visit, { start, reason: request.body.reason, timezone }),
    );
    const written = await asVisitor(carryOut(executor, { ...visit, command }));
    return answerVisit(deps, reply, { visit, written, timezone });
  });
};

async function move(
  deps: CalendarRouteDeps,
  visit: Visit,
  {
    start,
    reason,
    timezone,
  }: { readonly start: Instant; readonly reason: string | undefined; readonly timezone: string },
) {
  const asked = await askedBy(deps, visit, reason);
  const { booking, context } = visit;
  const policy = visit.eventType.settings.rescheduling;
  return prepareMove(deps, { ...asked, booking, context, policy, start, shownIn: timezone });
}

async function askedBy({ vault }: CalendarRouteDeps, visit: Visit, reason: string | undefined) {
  const { userId, accountId, link, booking, context } = visit;
  const sealed = reason === undefined ? undefined : await sealReason(vault, visit, booking, reason);
  return { userId, accountId, bookingId: link.bookingId, at: context.at, by: 'attendee', reason: sealed } as const;
}

/** What is closed has no link any more; and what could be had instead is told without whose time it is. */
async function asVisitor(carrying: Promise<Written>): Promise<Written> {
  try {
    return await carrying;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'booking_closed') throw new Refusal('link_expired');
    const { alternatives, ...extras } = error.extras;
    const told = (alternatives as Slot[] | undefined)?.map(({ start_time, end_time, local_start, weekday }) => {
      return { start_time, end_time, local_start, weekday };
    });
    throw new Refusal(error.code, error.message, { ...extras, ...(told && { alternatives: told }) });
  }
}
