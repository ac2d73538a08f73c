import { InstantText } from '@agentcal/shared/http/schemas';
import { day, minute, toIso } from '@agentcal/shared/kernel/time';
import { type ExplainedInterval, type Explanation, explainStart } from '@agentcal/shared/scheduling/explain';
import { findSlots } from '@agentcal/shared/scheduling/slots';
import { toLocalIso, weekdayOf } from '@agentcal/shared/scheduling/zone';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { createLoad } from './load.ts';
import { config, DurationMinutes, ofAccount, requireTimeZone, ShownIn, UserId } from './schemas.ts';

const Interval = Type.Object({
  kind: Type.Enum(['open', 'away', 'busy', 'hold', 'booking'], { description: 'open: working hours of that day' }),
  start_time: Type.String(),
  end_time: Type.String(),
  buffered_start: Type.Optional(Type.String({ description: 'With its own buffers, where it has any' })),
  buffered_end: Type.Optional(Type.String()),
});

const Rule = Type.Object({
  rule: Type.Enum(['duration', 'notice', 'booking_window', 'hours', 'calendar', 'limits', 'grid']),
  ok: Type.Boolean(),
  detail: Type.String({ description: 'For a person; times in the host’s zone. Names nobody' }),
  intervals: Type.Optional(Type.Array(Interval, { description: 'What is in the way, or for hours what is open' })),
});

const Explained = Type.Object(
  {
    user_id: Type.String(),
    event_type_id: Type.String(),
    start_time: Type.String(),
    end_time: Type.String(),
    local_start: Type.String(),
    weekday: Type.String(),
    timezone: Type.String(),
    bookable: Type.Boolean(),
    listed: Type.Boolean({ description: 'Whether the list offers it: it may go past a start that can be booked' }),
    reason: Type.Optional(Type.String({ description: 'The code with which a booking would be refused' })),
    rules: Type.Array(Rule),
  },
  { title: 'ExplainedStart' },
);

const explainAvailability = {
  operationId: 'explainAvailability',
  summary: 'Explain why a start is offered or not, rule by rule',
  description: 'Also what comes after the first rule that says no. Tells when something is in the way, never who.',
  params: ofAccount,
  querystring: Type.Object({
    user_id: UserId,
    event_type_id: Type.String({ maxLength: 64 }),
    start_time: InstantText,
    duration_minutes: DurationMinutes,
    timezone: ShownIn('the user’s'),
  }),
  response: { 200: Explained },
};

export const explainRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, deps) => {
  const load = createLoad(deps);

  app.get('/v1/accounts/:account_id/availability/explain', { config, schema: explainAvailability }, async (request) => {
    const { user_id: named, event_type_id: eventTypeId, start_time, duration_minutes, timezone: asked } = request.query;
    requireTimeZone(asked, 'query');
    const start = Date.parse(start_time);
    const now = deps.clock.now();
    const { account_id: accountId } = request.params;
    // The whole day, wherever it is: its hours are shown, and the first slot of it is looked for.
    const range = { start: start - 2 * day, end: start + 2 * day };
    const calendar = await load(request.principal, { accountId, userId: named, eventTypeId, range, now }, 'query');
    const { userId, terms, host, timezone: theirs } = calendar;
    const durationMinutes = duration_minutes ?? terms.duration_minutes;
    const query = { terms, host, eventTypeId, now, durationMinutes };
    const { starts } = findSlots({ ...query, from: start - day, to: start + minute });
    const timezone = asked ?? theirs;
    return {
      user_id: userId,
      event_type_id: eventTypeId,
      start_time: toIso(start),
      end_time: toIso(start + durationMinutes * minute),
      local_start: toLocalIso(start, timezone),
      weekday: weekdayOf(start, timezone),
      timezone,
      listed: starts.includes(start),
      ...show(explainStart({ ...query, start })),
    };
  });
};

function show({ verdict, rules }: Explanation): Pick<Static<typeof Explained>, 'bookable' | 'reason' | 'rules'> {
  return {
    bookable: verdict.ok,
    ...(!verdict.ok && { reason: verdict.reason }),
    rules: rules.map(({ rule, ok, detail, intervals }) => ({
      rule,
      ok,
      detail,
      ...(intervals && { intervals: intervals.map(showInterval) }),
    })),
  };
}

function showInterval({ kind, start, end, bufferedStart, bufferedEnd }: ExplainedInterval): Static<typeof Interval> {
  return {
    kind,
    start_time: toIso(start),
    end_time: toIso(end),
    ...(bufferedStart !== undefined && bufferedStart !== start && { buffered_start: toIso(bufferedStart) }),
    ...(bufferedEnd !== undefined && bufferedEnd !== end && { buffered_end: toIso(bufferedEnd) }),
  };
}
