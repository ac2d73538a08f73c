import { setImmediate as letOthers } from 'node:timers/promises';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { day, type Instant, type Interval, minute } from '@agentcal/shared/kernel/time';
import type { TeamQuery } from '@agentcal/shared/scheduling/assignment';
import { findSequences, type SequenceQuery } from '@agentcal/shared/scheduling/sequence';
import { speakNearest, speakSlots } from '@agentcal/shared/scheduling/speak';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../../deps.ts';
import { requireHostDays } from '../host-days.ts';
import type { Calendars } from '../load.ts';
import { rangeOf, widestRangeOf } from '../range.ts';
import { config, ofAccount, requireTimeZone } from '../schemas.ts';
import { findStarts, type StartsQuery, teamOf, whyNoneIn } from '../starts.ts';
import { namedInBody } from '../whom.ts';
import { Asked, gapOf, Part, showPart } from './shapes.ts';

const findSequencesOf = {
  operationId: 'listSequences',
  summary: 'List when several meetings can follow each other',
  description:
    'The first part starts in the range; the others follow within the gap. Each start of the first part comes once, with the ' +
    'earliest starts of the others that go with it. Changes nothing.',
  params: ofAccount,
  body: Asked,
  response: {
    200: Type.Object(
      {
        data: Type.Array(Type.Object({ parts: Type.Array(Part) })),
        timezone: Type.String(),
        speak: Type.String({ description: 'At most three first starts, as a voice would say them' }),
        reason: Type.Optional(Type.String({ description: 'Why one of the parts alone has no start' })),
        unmet_part: Type.Optional(
          Type.Integer({ description: 'Which of the parts that is, from 0. Absent where only the gap leaves none' }),
        ),
      },
      { title: 'Sequences' },
    ),
  },
};

export const sequencesRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, deps) => {
  // A POST because a list of parts does not fit into a query. It only reads.
  app.post(
    '/v1/accounts/:account_id/availability/sequences',
    { config, schema: findSequencesOf },
    async ({ principal, params, body }) => {
      const { timezone: asked, limit = 10 } = body;
      requireTimeZone(asked, 'body');
      const gap = gapOf(body);
      const now = deps.clock.now();
      const whole = asked === undefined ? widestRangeOf(body, 'body') : rangeOf(body, asked, 'body');
      // Parts begin later than the range by what comes before them, of lengths that only the event types know.
      const range = { start: whole.start, end: whole.end + (body.parts.length - 1) * (day + gap.maxMinutes * minute) };
      const parts = await Promise.all(
        body.parts.map(async ({ event_type_id: eventTypeId, duration_minutes: durationMinutes, ...named }) => {
          const about = { accountId: params.account_id, userIds: namedInBody(named), eventTypeId, range, now };
          const calendars = await deps.load(principal, about, 'body');
          return {
            ...calendars,
            query: { ...calendars.query, ...(durationMinutes !== undefined && { durationMinutes }) },
          };
        }),
      );
      const teams = parts.map(({ query }, place) => openTeamOf(query, place));
      requireHostDays(
        teams.reduce((sum, { hosts }) => sum + hosts.length, 0),
        range,
      );

      const timezone = asked ?? parts[0]!.timezone;
      const { start: from, end: to } = rangeOf(body, timezone, 'body');
      const sequences = await findFirst({ parts: teams, gap, from, to, limit });
      const firsts = sequences.map(([first]) => first!);
      if (sequences.length === 0) {
        return {
          data: [],
          timezone,
          speak: speakNearest([], { timezone, now }),
          ...whyNone(parts, { start: from, end: range.end }, to),
        };
      }
      const columns = parts.map((part, i) => {
        const starts = sequences.map((sequence) => sequence[i]!);
        return showPart(part, starts, { timezone, now, slots: deps.slots });
      });
      const data = sequences.map((_, row) => ({ parts: columns.map((column) => column[row]!) }));
      return { data, timezone, speak: speakSlots(firsts, { timezone, now }) };
    },
  );
};

/** So much of a range is looked through before somebody else is answered. */
const stretchMs = 14 * day;

/** The sequences of the range, as many as are wanted: each start of the first part stands for itself. */
async function findFirst({ from, to, limit, ...query }: SequenceQuery & { readonly limit: number }) {
  const found: (readonly Instant[])[] = [];
  for (let begin = from; begin < to && found.length < limit; begin += stretchMs) {
    const stretch = { from: begin, to: Math.min(to, begin + stretchMs), limit: limit - found.length };
    found.push(...findSequences({ ...query, ...stretch }));
    await letOthers();
  }
  return found;
}

/** @throws {Refusal} `invalid_request` where somebody is named whom not every start of the team has */
function openTeamOf(query: StartsQuery, place: number): TeamQuery {
  if (!('hosts' in query) || !query.oneOf || query.assignment === 'collective') return teamOf(query);
  const detail = 'cannot be named in a sequence: the event type takes several hosts, and not always this one';
  const pointer = `/body/parts/${place}/user_id`;
  throw new Refusal('invalid_request', `${pointer} ${detail}`, { errors: [{ pointer, detail }] });
}

/** The first part that has no start whatever the others have. @throws {Refusal} `duration_not_offered` */
function whyNone(parts: readonly Calendars[], { start: from, end }: Interval, endOfFirst: Instant) {
  for (const [place, { query }] of parts.entries()) {
    const range = { from, to: place === 0 ? endOfFirst : end };
    if (findStarts(query, { ...range, limit: 1 }).starts.length > 0) continue;
    const reason = whyNoneIn(query, range);
    if (reason === 'duration_not_offered') {
      throw new Refusal(reason, `Part ${place} asks for a duration that its event type does not offer`);
    }
    return { unmet_part: place, ...(reason !== undefined && { reason }) };
  }
  return {};
}
