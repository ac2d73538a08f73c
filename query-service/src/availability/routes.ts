import { InstantText } from '@agentcal/shared/http/schemas';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { Slot } from '@agentcal/shared/resources/slot';
import { LocalDate, TimeZone } from '@agentcal/shared/scheduling/model';
import { findSlots } from '@agentcal/shared/scheduling/slots';
import { whyEmpty } from '@agentcal/shared/scheduling/why-empty';
import { isTimeZone } from '@agentcal/shared/scheduling/zone';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { readCalendar } from './calendar-query.ts';
import { createUnpack } from './host.ts';
import { rangeOf, widestRangeOf } from './range.ts';
import { slotsToJson } from './slot-text.ts';

const DateOrInstant = Type.Union([LocalDate, InstantText]);

const getAvailability = {
  operationId: 'getAvailability',
  summary: 'List the starts that can be booked now',
  description:
    'Dates are whole days in `timezone`, both included; instants work too. `timezone` changes how times are shown and ' +
    'what a bare date means, never which slots exist.',
  params: Type.Object({ account_id: Type.String() }),
  querystring: Type.Object({
    user_id: Type.String({ maxLength: 64 }),
    event_type_id: Type.String({ maxLength: 64 }),
    start_date: DateOrInstant,
    end_date: DateOrInstant,
    timezone: Type.Optional({ ...TimeZone, description: 'IANA time zone; default: the user’s' }),
    duration: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1440, description: 'Minutes; one of the event type’s' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'At most so many, the first ones' })),
  }),
  response: {
    200: Type.Object(
      {
        data: Type.Array(Slot),
        timezone: Type.String(),
        reason: Type.Optional(Type.String({ description: 'Why there is none' })),
      },
      { title: 'Availability' },
    ),
  },
};

export const availabilityRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, { pool, clock }) => {
  const config = {
    scope: 'availability:read',
    reads: ['accounts', 'users', 'away', 'event_types', 'calendar_spans'],
  } as const;
  const unpack = createUnpack();

  app.get('/v1/accounts/:account_id/availability', { config, schema: getAvailability }, async (request, reply) => {
    const { user_id: userId, event_type_id: eventTypeId, duration, limit, ...asked } = request.query;
    if (asked.timezone !== undefined) requireTimeZone(asked.timezone);
    const now = clock.now();
    const range = asked.timezone === undefined ? widestRangeOf(asked) : rangeOf(asked, asked.timezone);
    const { account_id: accountId } = request.params;
    const row = await readCalendar(pool, request.principal, { accountId, userId, eventTypeId, range, now });
    if (!row) throw new Refusal('not_found', 'There is no such account, user or event type');

    const timezone = asked.timezone ?? row.timezone;
    const { start: from, end: to } = rangeOf(asked, timezone);
    const query = {
      terms: unpack.settings(eventTypeId, row).terms,
      eventTypeId,
      host: unpack.host(userId, row),
      now,
      from,
      to,
      ...(duration !== undefined && { durationMinutes: duration }),
      ...(limit !== undefined && { limit }),
    };
    const { starts, durationMinutes } = findSlots(query);
    const reason = starts.length === 0 ? whyEmpty(query) : undefined;
    if (reason === 'duration_not_offered') throw new Refusal(reason);
    // Already JSON: text of this type is sent as it is.
    reply.type('application/json; charset=utf-8');
    const data = slotsToJson(starts, durationMinutes, timezone, [userId]);
    return `{"data":${data},"timezone":${JSON.stringify(timezone)}${reason ? `,"reason":"${reason}"` : ''}}` as never;
  });
};

/** @throws {Refusal} `invalid_time_zone` */
function requireTimeZone(name: string): void {
  if (isTimeZone(name)) return;
  const errors = [{ pointer: '/query/timezone', detail: 'must be an IANA time zone, such as America/New_York' }];
  throw new Refusal('invalid_time_zone', undefined, { errors });
}
