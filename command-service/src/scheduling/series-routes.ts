import { type CommandRequest, commandContext } from '@agentcal/shared/http/command-context';
import { setPosition } from '@agentcal/shared/http/position';
import { Id, InstantText } from '@agentcal/shared/http/schemas';
import { deriveId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { Series } from '@agentcal/shared/resources/series';
import { TimeZone } from '@agentcal/shared/scheduling/model';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { findAccount } from '../account/access.ts';
import type { FreeTime } from '../calendar/commands.ts';
import { attendeeIn, requireAnswers } from '../calendar/requests/attendees.ts';
import { sealAttendee } from '../calendar/requests/personal.ts';
import { wantedIn } from '../calendar/requests/wanted.ts';
import { accountParams, DryRun, fault, NewBooking, wholeMinute } from '../calendar/requests/wire.ts';
import type { CalendarRouteDeps } from '../calendar/routes/route-deps.ts';
import { showBooking } from '../calendar/routes/show.ts';
import { findAnyEventType } from '../event-type/access.ts';
import { findAnyUser } from '../user/access.ts';
import { bookMany, type Meeting } from './many.ts';
import { maxOccurrences, occurrencesOf } from './recurrence.ts';

const { attendee, guests, answers, metadata, user_id, duration_minutes, slot_id } = NewBooking.properties;
const forWhom = { attendee, guests, answers, metadata };

const NewSeries = Type.Object({
  event_type_id: Id('eventType'),
  user_id,
  duration_minutes,
  start_time: Type.Optional(InstantText),
  recurrence: Type.Optional(
    Type.Object({
      rule: Type.String({
        maxLength: 500,
        description:
          'RFC 5545, e.g. FREQ=WEEKLY;COUNT=10. It has to end, and keeps the wall time of start_time in the zone',
      }),
      timezone: Type.Optional({
        ...TimeZone,
        description: 'Default: that of the user who is named, else of the first host',
      }),
    }),
  ),
  starts: Type.Optional(Type.Array(InstantText, { minItems: 1, maxItems: maxOccurrences, uniqueItems: true })),
  on_conflict: Type.Enum(['all_or_nothing', 'as_many_as_fit'], {
    description: 'Whether a start that cannot be had refuses the whole series, or is left out of it',
  }),
  ...forWhom,
});

const NewSequence = Type.Object({
  parts: Type.Array(
    Type.Object({
      event_type_id: Type.Optional(Id('eventType')),
      ...{ user_id, duration_minutes, slot_id },
      start_time: Type.Optional(InstantText),
    }),
    { minItems: 1, maxItems: 20 },
  ),
  ...forWhom,
});

const createSeries = {
  operationId: 'createSeries',
  summary: 'Book the same meeting at several times, by a rule or a list',
  description:
    'Either `start_time` with `recurrence`, or `starts`. The bookings are moved and cancelled one by one from then on; ' +
    'a list of bookings finds them by `series_id`.',
  params: accountParams,
  querystring: DryRun,
  body: NewSeries,
  response: { 200: Series, 201: Series },
};

const createSequence = {
  operationId: 'createSequence',
  summary: 'Book several different meetings of one attendee: all of them, or none',
  description: 'Each part names a slot that was offered, or an event type and a `start_time`.',
  params: accountParams,
  querystring: DryRun,
  body: NewSequence,
  response: { 200: Series, 201: Series },
};

/** Bookings that are made together. */
export const seriesRoutes: FastifyPluginAsyncTypebox<CalendarRouteDeps> = async (app, deps) => {
  const config = { scope: 'bookings:write' } as const;

  app.post('/v1/accounts/:account_id/series', { config, schema: createSeries }, async (request, reply) => {
    const { body } = request;
    const { account_id: accountId } = request.params;
    await findAccount(deps.executor, request.principal, accountId);
    const times = await timesOf(deps, accountId, body);
    const of = { eventTypeId: body.event_type_id, userId: body.user_id, durationMinutes: body.duration_minutes };
    const meetings = times.map((time) => ({ ...of, ...time }));
    return book(deps, request, reply, {
      kind: 'series',
      mode: body.on_conflict === 'all_or_nothing' ? 'all' : 'fitting',
      meetings,
    });
  });

  app.post('/v1/accounts/:account_id/sequences', { config, schema: createSequence }, async (request, reply) => {
    const { account_id: accountId } = request.params;
    await findAccount(deps.executor, request.principal, accountId);
    const meetings = request.body.parts.map((part, index): Meeting => {
      const pointer = `/body/parts/${index}`;
      const { userId, eventTypeId, time, expiresAt } = within(pointer, () => wantedIn(part, deps.slots));
      return { userId, eventTypeId: eventTypeId!, ...(time as FreeTime), expiresAt, pointer };
    });
    return book(deps, request, reply, { kind: 'sequence', mode: 'all', meetings });
  });
};

interface ManyRequest extends CommandRequest {
  readonly principal: FastifyRequest['principal'];
  readonly params: { readonly account_id: string };
  readonly query: { readonly dry_run?: boolean };
  readonly body: Pick<Static<typeof NewSequence>, keyof typeof forWhom>;
}

interface Many {
  readonly kind: 'series' | 'sequence';
  readonly mode: 'all' | 'fitting';
  readonly meetings: readonly Meeting[];
}

async function book(
  deps: CalendarRouteDeps,
  request: ManyRequest,
  reply: FastifyReply,
  { kind, mode, meetings }: Many,
): Promise<Series> {
  const { account_id: accountId } = request.params;
  const { dry_run: dryRun } = request.query;
  const { body } = request;
  const attendee = attendeeIn(body);
  const context = commandContext(request, deps.clock);
  const { livemode, commandId } = context;
  const id = deriveId(kind, commandId);
  const { calendars, bookingIds, planned, misfits } = await bookMany(deps, {
    ...{ accountId, context, dryRun, mode, meetings, seriesId: id },
    shownIn: attendee.timezone,
    metadata: body.metadata ?? {},
    seal: () => sealAttendee(deps.vault, accountId, attendee),
    check: ({ questions }) => requireAnswers(questions, body.answers),
  });
  const made = planned.items.filter(({ booking_id }) => bookingIds.includes(booking_id));
  const bookings = made.map(async ({ booking_id: bookingId, user_id: home }) => {
    const { booking } = await showBooking(deps.vault, calendars.get(home)!, bookingId, { livemode, attendee });
    return dryRun ? booking : deps.links.addTo(booking, context.at);
  });
  if (dryRun) reply.header('agentcal-dry-run', 'true');
  else setPosition(reply.code(201), [...calendars.values()][0]!.position);
  return { id, account_id: accountId, bookings: await Promise.all(bookings), refused: misfits };
}

/** What is wrong with a part is told by where it is in the request. */
function within<T>(pointer: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal) || !error.extras.errors) throw error;
    const inPart = (text: string) => text.replace(/^\/body(?=\/)/, pointer);
    const errors = error.extras.errors.map((one) => ({ ...one, pointer: inPart(one.pointer) }));
    throw new Refusal(error.code, inPart(error.message), { ...error.extras, errors });
  }
}

/** In order, each with where in the request it stands. */
async function timesOf(
  deps: CalendarRouteDeps,
  accountId: string,
  body: Static<typeof NewSeries>,
): Promise<Pick<Meeting, 'start' | 'pointer'>[]> {
  const { start_time, recurrence, starts } = body;
  if (starts) {
    if (start_time !== undefined || recurrence) throw fault('starts', 'is not taken beside start_time and recurrence');
    const times = starts.map((text, index) => ({ start: wholeMinute(text), pointer: `/body/starts/${index}` }));
    return times.sort((a, b) => a.start - b.start);
  }
  if (start_time === undefined || !recurrence) throw fault('starts', 'or start_time with recurrence is needed');
  const timezone = recurrence.timezone ?? (await zoneOf(deps, accountId, body));
  const occurrences = occurrencesOf(wholeMinute(start_time), { rule: recurrence.rule, timezone });
  return occurrences.map((start) => ({ start, pointer: '/body/recurrence/rule' }));
}

/** Of whoever leads the meetings, or might. */
async function zoneOf(
  { executor }: CalendarRouteDeps,
  accountId: string,
  { user_id, event_type_id }: Static<typeof NewSeries>,
): Promise<string> {
  const { hosts = [] } = (await findAnyEventType(executor, accountId, event_type_id)).state.settings;
  const userId = user_id ?? hosts[0]?.user_id;
  return userId === undefined ? 'UTC' : (await findAnyUser(executor, accountId, userId)).state.timezone;
}
