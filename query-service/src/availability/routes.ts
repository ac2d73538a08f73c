import { InstantText } from '@agentcal/shared/http/schemas';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant, Interval } from '@agentcal/shared/kernel/time';
import { LocalDate } from '@agentcal/shared/scheduling/model';
import { listOf } from '@agentcal/shared/scheduling/next';
import { findSlots } from '@agentcal/shared/scheduling/slots';
import { whyEmpty } from '@agentcal/shared/scheduling/why-empty';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { nearbyRange, nearestTo, noneToJson, someToJson } from './answer.ts';
import { createLoad } from './load.ts';
import { rangeOf, widestRangeOf } from './range.ts';
import { availability, config, DurationMinutes, ofAccount, requireTimeZone, ShownIn, UserId } from './schemas.ts';

const DateOrInstant = Type.Union([LocalDate, InstantText]);

const getAvailability = {
  operationId: 'getAvailability',
  summary: 'List the starts that can be booked now',
  description:
    'Dates are whole days in `timezone`, both included; instants work too. `timezone` changes how times are shown and ' +
    'what a bare date means, never which slots exist. An empty answer says why, and what is nearest.',
  params: ofAccount,
  querystring: Type.Object({
    user_id: UserId,
    event_type_id: Type.String({ maxLength: 64 }),
    start_date: DateOrInstant,
    end_date: DateOrInstant,
    timezone: ShownIn('the user’s'),
    duration_minutes: DurationMinutes,
    duration: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1440, description: 'The same as `duration_minutes`, which goes before it' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'At most so many, the first ones' })),
  }),
  response: { 200: Type.Object(availability, { title: 'Availability' }) },
};

export const availabilityRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, deps) => {
  const load = createLoad(deps);

  app.get('/v1/accounts/:account_id/availability', { config, schema: getAvailability }, async (request, reply) => {
    const {
      user_id,
      event_type_id: eventTypeId,
      duration,
      duration_minutes = duration,
      limit,
      ...asked
    } = request.query;
    requireTimeZone(asked.timezone, 'query');
    const now = deps.clock.now();
    const { account_id: accountId } = request.params;
    const read = (range: Interval) =>
      load(request.principal, { accountId, userId: user_id, eventTypeId, range, now }, 'query');
    const known = await read(asked.timezone === undefined ? widestRangeOf(asked) : rangeOf(asked, asked.timezone));

    const { userId, timezone: theirs, ...calendar } = known;
    const timezone = asked.timezone ?? theirs;
    const range = rangeOf(asked, timezone);
    const query = {
      ...calendar,
      eventTypeId,
      now,
      ...(duration_minutes !== undefined && { durationMinutes: duration_minutes }),
    };
    const bounded = { ...query, from: range.start, to: range.end, ...(limit !== undefined && { limit }) };
    const { starts, durationMinutes } = findSlots(bounded);
    const shown = { userId, timezone, durationMinutes, now };
    // Already JSON: text of this type is sent as it is.
    reply.type('application/json; charset=utf-8');
    if (starts.length > 0) return `{${someToJson(starts, shown)}}` as never;

    const reason = whyEmpty(bounded);
    if (reason === 'duration_not_offered') throw new Refusal(reason);
    // Only now is more of the calendar of any use.
    const { host } = await read(nearbyRange(range, now));
    const nearest: Instant[] = nearestTo(range, now, listOf({ ...query, host }));
    return `{${noneToJson(reason, nearest, shown)}}` as never;
  });
};
