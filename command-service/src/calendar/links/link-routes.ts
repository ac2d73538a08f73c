import { Refusal } from '@agentcal/shared/kernel/refusal';
import { PublicBooking } from '@agentcal/shared/resources/public-booking';
import type { Slot } from '@agentcal/shared/resources/slot';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { PlanMove } from '../../scheduling/commands.ts';
import type { CalendarCommand } from '../commands.ts';
import { carryOut, preparedOrRepeat, type Written } from '../execution/carry-out.ts';
import { sealReason } from '../requests/personal.ts';
import { Because, DryRun, RescheduleByLink, wholeMinute } from '../requests/wire.ts';
import type { CalendarRouteDeps } from '../routes/route-deps.ts';
import { answerVisit, zoneOfVisitor } from './answer.ts';
import { type Visit, visitBy } from './visit.ts';

const params = Type.Object({ token: Type.String() });

const cancelByLink = {
  operationId: 'cancelByLink',
  summary: 'The attendee cancels by a link; doing it again changes nothing and answers the same',
  description: 'Of a booking with seats, the link’s own seat is given back. Held to the event type’s `cancellation`.',
  params,
  querystring: DryRun,
  body: Type.Union([Because, Type.Null()]),
  response: { 200: PublicBooking },
};

const rescheduleByLink = {
  operationId: 'rescheduleByLink',
  summary: 'The attendee moves their booking by a link',
  description: 'The link stays good, also for the new time. Held to the event type’s `rescheduling`.',
  params,
  querystring: DryRun,
  body: RescheduleByLink,
  response: { 200: PublicBooking },
};

/** What an attendee does about their booking, by a link that was sent to them. See docs/decisions/0113. */
export const linkRoutes: FastifyPluginAsyncTypebox<CalendarRouteDeps> = async (app, deps) => {
  const config = { public: true } as const;

  app.post('/v1/public/bookings/:token/cancel', { config, schema: cancelByLink }, async (request, reply) => {
    const visit = await visitBy(deps, request, 'cancel');
    return change(deps, reply, visit, request.query.dry_run, async (): Promise<CalendarCommand> => {
      const asked = await askedBy(deps, visit, request.body?.reason);
      const data = { ...asked, policy: visit.eventType.settings.cancellation };
      const { seatId } = visit.link;
      return seatId === undefined ? { type: 'CancelBooking', data } : { type: 'LeaveSeat', data: { ...data, seatId } };
    });
  });

  app.post('/v1/public/bookings/:token/reschedule', { config, schema: rescheduleByLink }, async (request, reply) => {
    const start = wholeMinute(request.body.start_time);
    const visit = await visitBy(deps, request, 'reschedule');
    return change(deps, reply, visit, request.query.dry_run, async (shownIn) => {
      const asked = await askedBy(deps, visit, request.body.reason);
      const { booking, context } = visit;
      const policy = visit.eventType.settings.rescheduling;
      return deps.plans.prepareMove({ ...asked, booking, context, policy, start, shownIn });
    });
  });
};

async function change(
  deps: CalendarRouteDeps,
  reply: FastifyReply,
  visit: Visit,
  dryRun: boolean | undefined,
  prepare: (timezone: string) => Promise<CalendarCommand | PlanMove>,
): Promise<PublicBooking> {
  const { executor, vault } = deps;
  const timezone = await zoneOfVisitor(executor, vault, visit);
  const written = await asVisitor(async () => {
    const command = await preparedOrRepeat(visit.context, () => prepare(timezone));
    return carryOut(executor, { ...visit, command, dryRun });
  });
  return answerVisit(deps, reply, { visit, written, timezone, dryRun });
}

async function askedBy({ vault }: CalendarRouteDeps, visit: Visit, reason: string | undefined) {
  const { userId, accountId, link, booking, context } = visit;
  const sealed = reason === undefined ? undefined : await sealReason(vault, visit, booking, reason);
  return { userId, accountId, bookingId: link.bookingId, at: context.at, by: 'attendee', reason: sealed } as const;
}

/** What is closed has no link any more; and what could be had instead is told without whose time it is. */
async function asVisitor(carry: () => Promise<Written>): Promise<Written> {
  try {
    return await carry();
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
