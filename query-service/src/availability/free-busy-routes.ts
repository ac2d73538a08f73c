import { InstantText } from '@agentcal/shared/http/schemas';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Interval, toIso } from '@agentcal/shared/kernel/time';
import { freeBusy } from '@agentcal/shared/scheduling/free-busy';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ReadDeps } from '../deps.ts';
import { readCalendars } from './free-busy-query.ts';
import { createUnpack } from './host.ts';
import { withHolidays } from './load.ts';
import { rangeOf } from './range.ts';
import { ofAccount } from './schemas.ts';
import { mostNamed, withinBounds } from './whom.ts';

const Span = Type.Object({ start_time: Type.String(), end_time: Type.String() });

const getFreeBusy = {
  operationId: 'getFreeBusy',
  summary: 'Read when users are busy and when they could be met',
  description:
    'Whatever it would be for: no event type’s buffers, notice or limits. `busy` is bookings, live holds, external ' +
    'busy time and out-of-office; `free` is working hours that are not busy. At most 50 users and 366 days.',
  params: ofAccount,
  querystring: Type.Object({
    user_ids: Type.Array(Type.String({ minLength: 1, maxLength: 65 * mostNamed }), {
      minItems: 1,
      maxItems: mostNamed,
      description: 'With commas between them, or each as a parameter',
    }),
    start_time: InstantText,
    end_time: InstantText,
  }),
  response: {
    200: Type.Object(
      {
        data: Type.Array(
          Type.Object({
            user_id: Type.String(),
            timezone: Type.String(),
            busy: Type.Array(Span),
            free: Type.Array(Span),
          }),
        ),
      },
      { title: 'FreeBusy' },
    ),
  },
};

export const freeBusyRoutes: FastifyPluginAsyncTypebox<ReadDeps> = async (app, { pool, clock }) => {
  const reads = ['accounts', 'users', 'away', 'calendar_spans'] as const;
  const config = { scope: 'availability:read', reads } as const;
  const unpack = createUnpack();

  app.get(
    '/v1/accounts/:account_id/free-busy',
    { config, schema: getFreeBusy },
    async ({ principal, params, query }) => {
      const userIds = withinBounds(
        query.user_ids.flatMap((text) => text.split(',')),
        '/query/user_ids',
      );
      const range = rangeOf({ start_date: query.start_time, end_date: query.end_time }, 'UTC');
      const rows = await readCalendars(pool, principal, { accountId: params.account_id, userIds, range });
      const byId = new Map(rows.map((row) => [row.user_id, row]));
      const missing = userIds.filter((id) => !byId.has(id));
      if (missing.length > 0)
        throw new Refusal('not_found', `There is no such account, or no user ${missing[0]} in it`);
      const now = clock.now();
      const hosts = await Promise.all(userIds.map((id) => withHolidays(unpack.host(id, byId.get(id)!), now)));
      const data = freeBusy(hosts, { from: range.start, to: range.end }, now).map(({ userId, busy, free }) => {
        const { timezone } = byId.get(userId)!;
        return { user_id: userId, timezone, busy: busy.map(show), free: free.map(show) };
      });
      return { data };
    },
  );
};

function show({ start, end }: Interval) {
  return { start_time: toIso(start), end_time: toIso(end) };
}
