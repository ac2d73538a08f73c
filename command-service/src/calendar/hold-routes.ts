import { commandContext } from '@agentcal/shared/http/command-context';
import { setPosition } from '@agentcal/shared/http/position';
import { deriveCalendarItemId, isId, userOf } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, second } from '@agentcal/shared/kernel/time';
import { Hold } from '@agentcal/shared/resources/hold';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { findAccount } from '../account/access.ts';
import type { AccountHolds, HoldToCount } from './account-holds.ts';
import { carryOut, preparedOrRepeat, type Written, withSlotIds } from './carry-out.ts';
import type { FreeTime, PlaceHold } from './commands.ts';
import { ttlSeconds } from './holds.ts';
import { findHost, findRules } from './prepare.ts';
import type { CalendarRouteDeps } from './route-deps.ts';
import { showHold } from './show.ts';
import { requireFresh, wantedIn } from './wanted.ts';
import { accountParams, DryRun, NewHold } from './wire.ts';

const placeHold = {
  operationId: 'createHold',
  summary: 'Keep a slot while somebody makes up their mind',
  description:
    'It takes the time for `ttl_seconds` (300 unless said otherwise) and not an instant longer. Book it with `hold_id`.',
  params: accountParams,
  querystring: DryRun,
  body: NewHold,
  response: { 200: Hold, 201: Hold },
};

const releaseHold = {
  operationId: 'deleteHold',
  summary: 'Give a held slot back; doing it again changes nothing',
  params: Type.Object({ account_id: Type.String(), hold_id: Type.String() }),
  response: { 200: Hold },
};

/** Places and releases holds. */
export const holdRoutes: FastifyPluginAsyncTypebox<CalendarRouteDeps> = async (app, deps) => {
  const { executor, clock, slots, accountHolds } = deps;
  const config = { scope: 'bookings:write' } as const;

  app.post('/v1/accounts/:account_id/holds', { config, schema: placeHold }, async (request, reply) => {
    const { account_id: accountId } = request.params;
    const { dry_run: dryRun } = request.query;
    const { principal, body } = request;
    await findAccount(executor, principal, accountId);
    const wanted = wantedIn(body, slots);
    const context = commandContext(request, clock);
    const { at, livemode } = context;
    const asked = { accountId, wanted, context, dryRun };
    const ttl = body.ttl_seconds ?? ttlSeconds.default;
    const counted = {
      accountId,
      keyId: principal.keyId,
      commandId: context.commandId,
      expiresAt: at + ttl * second,
      at,
    };
    if (await deps.plans.isForTeam(asked)) {
      const { written, id } = await counting(accountHolds, counted, dryRun, (take) =>
        deps.plans.hold({ ...asked, ttlMs: ttl * second, holder: principal.keyId, take }),
      );
      return answer(reply, written, id, { livemode, at, accountId, dryRun });
    }
    const userId = await findHost(executor, accountId, wanted);
    const holdId = deriveCalendarItemId('hold', userId, context.commandId);
    const { written } = await counting(accountHolds, counted, dryRun, async (take) => {
      const command = await preparedOrRepeat(context, async (): Promise<PlaceHold> => {
        requireFresh(wanted, at);
        const { rules } = await findRules(executor, accountId, { userId, wanted, at });
        const time = wanted.time as FreeTime;
        take();
        const data = { userId, accountId, at, holdId, ...time, ttlSeconds: ttl, holder: principal.keyId, rules };
        return { type: 'PlaceHold', data };
      });
      const offered = { eventTypeId: wanted.eventTypeId!, at };
      const written = await withSlotIds(slots, offered, carryOut(executor, { userId, command, context, dryRun }));
      return { written, id: holdId };
    });
    return answer(reply, written, holdId, { livemode, at, accountId, dryRun });
  });

  app.delete('/v1/accounts/:account_id/holds/:hold_id', { config, schema: releaseHold }, async (request, reply) => {
    const { account_id: accountId, hold_id: holdId } = request.params;
    await findAccount(executor, request.principal, accountId);
    if (!isId('hold', holdId)) throw new Refusal('not_found');
    const context = commandContext(request, clock);
    const userId = userOf(holdId);
    const command = { type: 'ReleaseHold', data: { userId, accountId, holdId, at: context.at } } as const;
    const written = await carryOut(executor, { userId, command, context });
    accountHolds.give(accountId, holdId);
    setPosition(reply, written.position);
    return showHold(written, holdId, { livemode: context.livemode, at: context.at });
  });
};

/** Counts a hold against the account while it is being placed, and from then on where it was. */
async function counting<T extends { readonly id: string }>(
  accountHolds: AccountHolds,
  hold: HoldToCount,
  dryRun: boolean | undefined,
  place: (take: () => void) => Promise<T>,
): Promise<T> {
  if (dryRun) return place(() => {});
  let isNew = false;
  try {
    const placed = await place(() => {
      isNew = accountHolds.take(hold);
    });
    accountHolds.name(hold, placed.id);
    return placed;
  } catch (error) {
    if (isNew) accountHolds.drop(hold);
    throw error;
  }
}

function answer(
  reply: FastifyReply,
  written: Written,
  holdId: string,
  of: { livemode: boolean; at: Instant; accountId: string; dryRun: boolean | undefined },
): Hold {
  if (of.dryRun) reply.header('agentcal-dry-run', 'true');
  else {
    setPosition(reply, written.position);
    reply.code(201).header('location', `/v1/accounts/${of.accountId}/holds/${holdId}`);
  }
  return showHold(written, holdId, of);
}
