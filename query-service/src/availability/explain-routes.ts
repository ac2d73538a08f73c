import { InstantText } from '@agentcal/shared/http/schemas';
import { day, minute, toIso } from '@agentcal/shared/kernel/time';
import { toLocalIso, weekdayOf } from '@agentcal/shared/scheduling/zone';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { Explained, explainHosts } from './explained.ts';
import { config, DurationMinutes, ofAccount, requireTimeZone, ShownIn } from './schemas.ts';
import { findStarts, usersOf, whyNotAt } from './starts.ts';
import { namedInQuery, whomInQuery } from './whom.ts';

const explainAvailability = {
  operationId: 'explainAvailability',
  summary: 'Explain why a start is offered or not, rule by rule',
  description:
    'Also what comes after the first rule that says no. Tells when something is in the way, never who. Of several hosts, ' +
    'what stands against each of them, and what that makes of the start for the event type.',
  params: ofAccount,
  querystring: Type.Object({
    ...whomInQuery,
    event_type_id: Type.String({ maxLength: 64 }),
    start_time: InstantText,
    duration_minutes: DurationMinutes,
    timezone: ShownIn('the user’s'),
  }),
  response: { 200: Explained },
};

export const explainRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, deps) => {
  app.get('/v1/accounts/:account_id/availability/explain', { config, schema: explainAvailability }, async (request) => {
    const { user_id: named, event_type_id: eventTypeId, start_time, duration_minutes, timezone: asked } = request.query;
    requireTimeZone(asked, 'query');
    const start = Date.parse(start_time);
    const { account_id: accountId } = request.params;
    // The whole day, wherever it is: its hours are shown, and the first slot of it is looked for.
    const range = { start: start - 2 * day, end: start + 2 * day };
    const about = { accountId, userIds: namedInQuery(named), eventTypeId, range, now: deps.clock.now() };
    const calendars = await deps.load(request.principal, about, 'query');
    const durationMinutes = duration_minutes ?? calendars.query.terms.duration_minutes;
    const query = { ...calendars.query, durationMinutes };
    const { starts } = findStarts(query, { from: start - day, to: start + minute });
    const timezone = asked ?? calendars.timezone;
    const reason = whyNotAt(query, start);
    return {
      event_type_id: eventTypeId,
      start_time: toIso(start),
      end_time: toIso(start + durationMinutes * minute),
      local_start: toLocalIso(start, timezone),
      weekday: weekdayOf(start, timezone),
      timezone,
      bookable: reason === undefined,
      ...(reason !== undefined && { reason }),
      listed: starts.includes(start),
      user_ids: reason === undefined ? [...usersOf(query)(start)] : [],
      ...explainHosts(query, start, calendars.hoursRule),
    };
  });
};
