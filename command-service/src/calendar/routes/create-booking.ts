import { type CommandRequest, commandContext } from '@agentcal/shared/http/command-context';
import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { deriveCalendarItemId } from '@agentcal/shared/kernel/ids';
import { Booking } from '@agentcal/shared/resources/booking';
import type { Sealed } from '@agentcal/shared/vault/port';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { findAccount } from '../../account/access.ts';
import type { CreateBooking } from '../commands.ts';
import { carryOut, preparedOrRepeat, type Written, withSlotIds } from '../execution/carry-out.ts';
import { attendeeIn, requireAnswers } from '../requests/attendees.ts';
import { sealAttendee, sealAttendeeAhead, unsealed } from '../requests/personal.ts';
import { findRules } from '../requests/prepare.ts';
import { confirmWithinMs, needsConfirmation } from '../requests/rules.ts';
import { ofTimeOrHold, requireFresh, type Wanted, wantedIn } from '../requests/wanted.ts';
import { accountParams, DryRun, NewBooking } from '../requests/wire.ts';
import { answerBooking } from './answer.ts';
import type { CalendarRouteDeps } from './route-deps.ts';

const schema = {
  operationId: 'createBooking',
  summary: 'Book a start, a slot that was offered, or a hold',
  description:
    'Exactly one of `start_time`, `slot_id` and `hold_id` says when. ' +
    'A start that was taken meanwhile is a 409 with the next free `alternatives`.',
  params: accountParams,
  querystring: DryRun,
  body: NewBooking,
  response: { 200: Booking, 201: Booking },
};

export const createBookingRoute: FastifyPluginAsyncTypebox<CalendarRouteDeps> = async (app, deps) => {
  const config = { scope: 'bookings:write' } as const;
  app.post('/v1/accounts/:account_id/bookings', { config, schema }, async (request, reply) => {
    const { written, made, attendee } = await createBooking(deps, request);
    const { account_id: accountId } = request.params;
    const { dry_run: dryRun } = request.query;
    if (!dryRun) reply.code(201).header('location', `/v1/accounts/${accountId}/bookings/${made.bookingId}`);
    const { livemode } = request.principal;
    return answerBooking(reply, deps, written, made.bookingId, { livemode, dryRun, attendee, ...made });
  });
};

/** What of a request becomes the command. */
export interface CreateBookingRequest extends CommandRequest {
  readonly params: { readonly account_id: string };
  readonly query: { readonly dry_run?: boolean };
  readonly body: NewBooking;
}

/** From a request of its shape to a booking that is durable: all that lies between the edge and the answer. */
export async function createBooking(deps: CalendarRouteDeps, request: CreateBookingRequest) {
  const { account_id: accountId } = request.params;
  const { executor, clock, slots } = deps;
  const { body } = request;
  const { dry_run: dryRun } = request.query;
  await findAccount(executor, request.principal, accountId);
  const attendee = attendeeIn(body);
  const wanted = wantedIn(body, slots, ofTimeOrHold);
  const context = commandContext(request, clock);
  const asked = { accountId, wanted, context, dryRun };
  return deps.plans.decide(asked, {
    byPlan: async () => {
      const { written, id } = await deps.plans.book({
        ...asked,
        shownIn: attendee.timezone,
        metadata: body.metadata ?? {},
        seal: () => sealAttendee(deps.vault, accountId, attendee),
        check: ({ questions }) => requireAnswers(questions, body.answers),
      });
      return { written, made: { bookingId: id }, attendee };
    },
    inCalendar: async (userId, instead) => {
      const ids = idsFor(userId, context);
      let claimed: Promise<void> | undefined;
      const seal = async () => {
        if (dryRun) return unsealed;
        const ahead = await sealAttendeeAhead(deps.vault, accountId, attendee);
        claimed = ahead.claimed;
        return ahead.sealed;
      };
      const command = await preparedOrRepeat(context, async () => {
        if (instead) throw instead;
        return prepare(deps, { accountId, userId, ids, wanted, body, context, seal });
      });
      const eventTypeId = command.type === 'CreateBooking' ? command.data.rules.eventTypeId : '';
      const order = { userId, command, context, dryRun };
      const written = await withSlotIds(slots, { eventTypeId, at: context.at }, carryOut(executor, order));
      await claimed;
      return { written, made: bookingMade(written, ids), attendee };
    },
  });
}

interface Asked {
  readonly accountId: string;
  readonly userId: string;
  readonly ids: Ids;
  readonly wanted: Wanted;
  readonly body: NewBooking;
  readonly context: CommandContext;
  readonly seal: () => Promise<Sealed>;
}

async function prepare({ executor }: CalendarRouteDeps, asked: Asked): Promise<CreateBooking> {
  const { accountId, userId, ids, wanted, body, context, seal } = asked;
  const { at } = context;
  requireFresh(wanted, at);
  const attendee = attendeeIn(body);
  const { rules, eventType, hold } = await findRules(executor, accountId, {
    userId,
    wanted,
    at,
    shownIn: attendee.timezone,
  });
  const { settings } = eventType.state;
  requireAnswers(settings.questions, body.answers);
  const start = 'start' in wanted.time ? wanted.time.start : hold!.start;
  return {
    type: 'CreateBooking',
    data: {
      ...ids,
      userId,
      accountId,
      at,
      time: wanted.time,
      attendee: await seal(),
      metadata: body.metadata ?? {},
      confirmWithinMs: needsConfirmation(settings, start, at) ? confirmWithinMs(settings) : undefined,
      rules,
    },
  };
}

interface Ids {
  readonly bookingId: string;
  readonly seatId: string;
}

function idsFor(userId: string, { commandId }: CommandContext): Ids {
  return {
    bookingId: deriveCalendarItemId('booking', userId, commandId),
    seatId: deriveCalendarItemId('seat', userId, commandId),
  };
}

/** The booking that was made, or the one that was joined. */
function bookingMade({ events }: Written, { bookingId, seatId }: Ids) {
  for (const { type, data } of events) {
    if (type === 'calendar.attendee-joined.v1') return { bookingId: data.booking_id, seatId, metadata: data.metadata };
  }
  return { bookingId };
}
