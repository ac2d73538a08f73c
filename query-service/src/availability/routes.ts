import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Interval } from '@agentcal/shared/kernel/time';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { noneToJson, someToJson } from './answer.ts';
import { toBytes } from './json.ts';
import { findNearest } from './nearest.ts';
import { rangeOf, widestRangeOf } from './range.ts';
import {
  availability,
  config,
  DateOrInstant,
  DurationMinutes,
  ofAccount,
  requireTimeZone,
  ShownIn,
} from './schemas.ts';
import { findStarts, whyNoneIn } from './starts.ts';
import { namedInQuery, whomInQuery } from './whom.ts';

const getAvailability = {
  operationId: 'getAvailability',
  summary: 'List the starts that can be booked now',
  description:
    'Dates are whole days in `timezone`, both included; instants work too. `timezone` changes how times are shown and ' +
    'what a bare date means, never which slots exist. An empty answer says why, and what is nearest. At most 366 days, ' +
    'and fewer of more than twenty hosts; without `end_date`, 60 days. More than 5,000 starts are only told with a `limit`.',
  params: ofAccount,
  querystring: Type.Object({
    ...whomInQuery,
    event_type_id: Type.String({ maxLength: 64 }),
    start_date: DateOrInstant,
    end_date: Type.Optional(DateOrInstant),
    timezone: ShownIn('the user’s'),
    duration_minutes: DurationMinutes,
    duration: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1440, description: 'The same as `duration_minutes`, which goes before it' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'At most so many, the first ones' })),
  }),
  response: { 200: Type.Object(availability, { title: 'Availability' }) },
};

/** More than a megabyte of them, that is: nobody else is answered while they are written. */
const mostStarts = 5_000;

function tooMany(): Refusal {
  const detail = `There are more than ${mostStarts} starts in this range: ask for fewer days, or for the first ones by \`limit\``;
  return new Refusal('range_too_long', detail);
}

export const availabilityRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, deps) => {
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
    const about = { accountId: request.params.account_id, userIds: namedInQuery(user_id), eventTypeId, now };
    const read = async (range: Interval) => {
      const calendars = await deps.load(request.principal, { ...about, range }, 'query');
      if (duration_minutes === undefined) return calendars;
      return { ...calendars, query: { ...calendars.query, durationMinutes: duration_minutes } };
    };
    const known = await read(asked.timezone === undefined ? widestRangeOf(asked) : rangeOf(asked, asked.timezone));

    const { query, books } = known;
    const timezone = asked.timezone ?? known.timezone;
    const range = rangeOf(asked, timezone);
    const bounds = { from: range.start, to: range.end, limit: limit ?? mostStarts + 1 };
    const { starts, durationMinutes, usersAt } = findStarts(query, bounds);
    if (starts.length > mostStarts) throw tooMany();
    const shown = { query, books, usersAt, timezone, durationMinutes, now, slots: deps.slots };
    // Already JSON: bytes are sent as they are.
    reply.type('application/json; charset=utf-8');
    if (starts.length > 0) return toBytes(['{', ...someToJson(starts, shown), '}']) as never;

    const reason = whyNoneIn(query, bounds);
    if (reason === 'duration_not_offered') throw new Refusal(reason);
    // Only now is more of the calendar of any use.
    const nearest = await findNearest(range, query, async (range) => (await read(range)).query);
    const none = noneToJson(reason, nearest.starts, { ...shown, usersAt: nearest.usersAt });
    return toBytes(['{', ...none, '}']) as never;
  });
};
