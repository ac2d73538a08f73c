import { commandContext } from '@agentcal/shared/http/command-context';
import { setPosition } from '@agentcal/shared/http/position';
import { deriveCalendarItemId, isId, userOf } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { second } from '@agentcal/shared/kernel/time';
import { Hold } from '@agentcal/shared/resources/hold';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { findAccount } from '../../account/access.ts';
import type { Executor } from '../../executor/port.ts';
import type { TeamHold } from '../../scheduling/book.ts';
import type { FreeTime, PlaceHold } from '../commands.ts';
import * as calendar from '../decider.ts';
import { ttlSeconds } from '../deciders/holds.ts';
import { carryOut, preparedOrRepeat, withSlotIds } from '../execution/carry-out.ts';
import { findRules } from '../requests/prepare.ts';
import { requireFresh, wantedIn } from '../requests/wanted.ts';
import { accountParams, DryRun, NewHold } from '../requests/wire.ts';
import type { CalendarRouteDeps } from './route-deps.ts';
import { showHold } from './show.ts';

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
  querystring: DryRun,
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
    const { at } = context;
    const ttlMs = (body.ttl_seconds ?? ttlSeconds.default) * second;
    const order = { accountId, wanted, context, dryRun, ttlMs, holder: principal.keyId };
    const { keyId } = principal;
    const toCount = { accountId, keyId, expiresAt: at + ttlMs, context, dryRun };
    const { written, id } = await deps.plans.decide(order, {
      byPlan: () => accountHolds.placing(toCount, (take) => deps.plans.hold({ ...order, take })),
      inCalendar: (userId, instead) =>
        accountHolds.placing(toCount, (take) => hold(deps, { ...order, userId, take, instead })),
    });
    if (dryRun) reply.header('agentcal-dry-run', 'true');
    else {
      setPosition(reply, written.position);
      reply.code(201).header('location', `/v1/accounts/${accountId}/holds/${id}`);
    }
    return showHold(written, id, { livemode: context.livemode });
  });

  const path = '/v1/accounts/:account_id/holds/:hold_id';
  // A hold has no ETag: nothing of it can be changed.
  app.delete(path, { config: { ...config, ifMatch: false }, schema: releaseHold }, async (request, reply) => {
    const { account_id: accountId, hold_id: holdId } = request.params;
    const { dry_run: dryRun } = request.query;
    await findAccount(executor, request.principal, accountId);
    if (!isId('hold', holdId)) throw new Refusal('not_found');
    const context = commandContext(request, clock);
    const userId = userOf(holdId);
    const command = { type: 'ReleaseHold', data: { userId, accountId, holdId, at: context.at } } as const;
    const written = await carryOut(executor, { userId, command, context, dryRun });
    if (dryRun) reply.header('agentcal-dry-run', 'true');
    else setPosition(reply, written.position);
    return showHold(written, holdId, { livemode: context.livemode, at: context.at });
  });
};

interface HoldOfOne extends TeamHold {
  readonly userId: string;
  /** Why it cannot be made, where only its repeat is looked for. */
  readonly instead: Refusal | undefined;
}

/** Holds a start of one host. */
async function hold({ executor, slots }: CalendarRouteDeps, order: HoldOfOne) {
  const { accountId, userId, wanted, context, dryRun, ttlMs, holder, take, instead } = order;
  const { at } = context;
  const holdId = deriveCalendarItemId('hold', userId, context.commandId);
  const command = await preparedOrRepeat(context, async (): Promise<PlaceHold> => {
    if (instead) throw instead;
    requireFresh(wanted, at);
    const { rules } = await findRules(executor, accountId, { userId, wanted, at });
    const time = wanted.time as FreeTime;
    const data = { userId, accountId, at, holdId, ...time, ttlSeconds: ttlMs / second, holder, rules };
    const command = { type: 'PlaceHold', data } as const;
    await take((await isLikely(executor, command)) ? holdId : undefined);
    return command;
  });
  const offered = { eventTypeId: wanted.eventTypeId!, at };
  const written = await withSlotIds(slots, offered, carryOut(executor, { userId, command, context, dryRun }));
  return { written, id: holdId, repeated: written.repeated };
}

/** Whether it will be placed, by the calendar at hand. */
async function isLikely(executor: Executor, command: PlaceHold): Promise<boolean> {
  const { state } = await executor.load(calendar, command.data.userId);
  try {
    return calendar.decide(command, state).length > 0;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
