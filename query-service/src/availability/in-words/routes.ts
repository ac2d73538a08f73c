import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, type Interval, day as msPerDay } from '@agentcal/shared/kernel/time';
import { zoneOf } from '@agentcal/shared/scheduling/zone';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../../deps.ts';
import { dataToJson, noneToJson, type Shown, someToJson } from '../answer.ts';
import { type Json, type JsonPiece, toBytes } from '../json.ts';
import type { Calendars } from '../load.ts';
import { findNearest } from '../nearest.ts';
import { availability, config, ofAccount, requireTimeZone, ShownIn } from '../schemas.ts';
import { namedInBody, whomInBody } from '../whom.ts';
import { Interpretation, showInterpretation, showReading } from './interpretation.ts';
import { listedRange, type Span, soughtAround, startsIn, whyNoneIn } from './spans.ts';
import { requireDuration, type Understood, understand } from './understand.ts';

const queryAvailability = {
  operationId: 'queryAvailability',
  summary: 'List the starts that words ask for',
  description:
    'Reads words such as “next Tuesday afternoon, 30 minutes” as said now in `timezone`, and answers like the list of ' +
    'availability. `interpretation` tells how they were read, what was assumed, and what else they may mean. Changes nothing.',
  params: ofAccount,
  body: Type.Object({
    query: Type.String({ minLength: 1, maxLength: 500, description: 'What a person said, in English' }),
    ...whomInBody,
    event_type_id: Type.String({ maxLength: 64 }),
    timezone: ShownIn('the user’s. Where the person who speaks is'),
    date_order: Type.Optional(
      Type.Enum(['month_first', 'day_first'], {
        default: 'month_first',
        description: 'What 4/5 means where both can be; the other one is among `alternatives`',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  }),
  response: {
    200: Type.Object({ ...availability, interpretation: Interpretation }, { title: 'AvailabilityInWords' }),
  },
};

/** So many slots come with another reading of the words. */
const ofOthers = 3;
/** What most texts are about; where no zone is named, it is read before the text is understood. */
const soonMs = 16 * msPerDay;

export const inWordsRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, deps) => {
  // A POST because words are long and personal: URLs end up in logs. It only reads.
  app.post(
    '/v1/accounts/:account_id/availability/query',
    { config, schema: queryAvailability },
    async (request, reply) => {
      const {
        query: text,
        event_type_id: eventTypeId,
        timezone: asked,
        date_order,
        limit = 20,
        ...named
      } = request.body;
      requireTimeZone(asked, 'body');
      const now = deps.clock.now();
      const about = { accountId: request.params.account_id, userIds: namedInBody(named), eventTypeId, now };
      const read = (range: Interval) => deps.load(request.principal, { ...about, range }, 'body');

      const { calendars, timezone, understood } = await readAsSaid(
        text,
        now,
        { asked, dayFirst: date_order === 'day_first' },
        read,
      );
      const { terms } = calendars.query;
      requireDuration(understood.read, terms);
      const { durationMinutes = terms.duration_minutes, order } = understood.read;
      const query = { ...calendars.query, durationMinutes };
      const { books } = calendars;
      const basis = { query, books, timezone, durationMinutes, now, slots: deps.slots };
      const find = (spans: readonly Span[], most: number) => {
        const { starts, usersAt } = startsIn(spans, query);
        return { starts: firstOf(starts, order, most), shown: { ...basis, usersAt } };
      };
      const { starts, shown } = find(understood.spans, limit);
      const interpretation = interpretationJson(understood, (spans) => {
        const others = find(spans, ofOthers);
        return dataToJson(others.starts, others.shown);
      });
      // Already JSON: bytes are sent as they are.
      reply.type('application/json; charset=utf-8');
      const answer = (members: Json) =>
        toBytes(['{', ...members, ',"interpretation":', ...interpretation, '}']) as never;
      if (starts.length > 0) return answer(saidInOrder(starts, order, shown));

      const more = async (range: Interval) => ({ ...(await read(range)).query, durationMinutes });
      const nearest = await findNearest(soughtAround(understood.spans), query, more);
      const reason = whyNoneIn(understood.spans, query);
      return answer(noneToJson(reason, nearest.starts, { ...shown, usersAt: nearest.usersAt }));
    },
  );
};

/** Reads the calendar once, unless the zone is only known from it and the text is about some far time. */
async function readAsSaid(
  text: string,
  now: Instant,
  { asked, dayFirst }: { asked: string | undefined; dayFirst: boolean },
  read: (range: Interval) => Promise<Calendars>,
) {
  const soon = { start: now - 2 * msPerDay, end: now + soonMs };
  const known = asked === undefined ? await read(soon) : undefined;
  const timezone = asked ?? known!.timezone;
  const understood = understand(text, now, zoneOf(timezone), dayFirst);
  const needed = listedRange([...understood.spans, ...understood.otherSpans.flat()]);
  const enough = known && needed.start >= soon.start && needed.end <= soon.end;
  if (enough) return { timezone, understood, calendars: known };
  try {
    return { timezone, understood, calendars: await read(needed) };
  } catch (error) {
    const others = understood.otherSpans.some((spans) => spans.length > 0);
    if (!others || !(error instanceof Refusal) || error.code !== 'range_too_long') throw error;
    // Too much of a large team, together with what the text may mean besides: then without that.
    const alone = { ...understood, otherSpans: understood.otherSpans.map(() => []) };
    return { timezone, understood: alone, calendars: await read(listedRange(understood.spans)) };
  }
}

function firstOf(starts: readonly Instant[], order: 'earliest' | 'latest', most: number): Instant[] {
  return (order === 'latest' ? starts.toReversed() : starts).slice(0, most);
}

/** A voice says the latest ones in the order in which they are listed. */
function saidInOrder(starts: readonly Instant[], order: 'earliest' | 'latest', shown: Shown): Json {
  return someToJson(starts, shown, order === 'latest' ? starts.slice(0, 3) : starts);
}

function interpretationJson(
  { read, zone, otherSpans }: Understood,
  dataOf: (spans: readonly Span[]) => JsonPiece,
): Json {
  const others = read.alternatives.flatMap((other, i): Json => {
    const shown = JSON.stringify({ ...showReading(other), because: other.because }).slice(0, -1);
    const spans = otherSpans[i]!;
    const data = spans.length === 0 ? [] : [',"data":', dataOf(spans)];
    return [`${i === 0 ? '' : ','}${shown}`, ...data, '}'];
  });
  return [`${JSON.stringify(showInterpretation(read, zone.id)).slice(0, -1)},"alternatives":[`, ...others, ']}'];
}
