import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { commandIdFrom, userOf } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, second } from '@agentcal/shared/kernel/time';
import * as calendar from '../calendar/decider.ts';
import { holdOf } from '../calendar/state/state.ts';
import type { Executor, Loaded } from '../executor/port.ts';
import type { HoldsCommand } from './commands.ts';
import * as holds from './decider.ts';

/** Live holds that one key, and all keys together, may have in all calendars of an account. */
export const maxHoldsOfAccount = { perKey: 100, perAccount: 500 } as const;

/**
 * Keeps one client from holding a whole business hostage, calendar by calendar. That no calendar is, each calendar sees to
 * by itself. Every hold is written to the account's count once it is there, so all processes go by the same one, also
 * after a restart. See docs/decisions/0170.
 */
export interface AccountHolds {
  /**
   * Places a hold that counts from when `take` is called: in this process while it is being placed, and for everybody once
   * it was. A repeat, and what is refused, count for nothing.
   *
   * @param place calls `take` before it places one that may be new
   * @throws {Refusal} `too_many_holds` from `take`; whatever `place` throws
   */
  placing<P extends Placed>(hold: HoldToCount, place: (take: Take) => Promise<P>): Promise<P>;
}

/**
 * @param holdId where it will be placed under that id in all likelihood: then it is counted beside that and not after it,
 *   and nobody waits for it. Where it is not placed after all, it is found to have ended when there is no more room.
 */
export type Take = (holdId?: string) => Promise<void>;

export interface HoldToCount {
  readonly accountId: string;
  readonly keyId: string;
  readonly expiresAt: Instant;
  readonly context: CommandContext;
  /** There has to be room, and none is taken. */
  readonly dryRun: boolean | undefined;
}

export interface Placed {
  readonly id: string;
  /** It had been placed before. Absent: it was not, if `take` was called. */
  readonly repeated?: boolean;
}

type Counted = Pick<holds.CountedHold, 'holder' | 'expiresAt'> & { readonly holdId?: string };

export function createAccountHolds(executor: Executor): AccountHolds {
  /** Holds that this process is placing, by account. */
  const underWay = new Map<string, readonly Counted[]>();

  function liveOf({ state }: Loaded<holds.HoldsState>, { accountId, context: { at } }: HoldToCount): Counted[] {
    return [...state.holds, ...(underWay.get(accountId) ?? [])].filter(({ expiresAt }) => expiresAt > at);
  }

  /** Nothing comes between looking for room and starting to use it. @throws {Refusal} `too_many_holds` */
  async function startWhereThereIsRoom(hold: HoldToCount): Promise<() => void> {
    const { accountId } = hold;
    const live = liveOf(await executor.load(holds, accountId), hold);
    if (!fullFor(hold, live)) return start(hold);
    const known = live.flatMap(({ holdId }) => holdId ?? []);
    const holdIds = await endedOf(executor, known);
    await write(executor, hold, { type: 'DropEnded', data: { accountId, holdIds } });
    const full = fullFor(hold, liveOf(await executor.load(holds, accountId), hold));
    if (full) throw tooMany(full, hold);
    return start(hold);
  }

  function start({ accountId, keyId: holder, expiresAt, context }: HoldToCount): () => void {
    const taken = { holder, expiresAt };
    // One whose process has died in it would never be ended.
    const others = (underWay.get(accountId) ?? []).filter((other) => other.expiresAt > context.at);
    underWay.set(accountId, [...others, taken]);
    return () => {
      const left = (underWay.get(accountId) ?? []).filter((other) => other !== taken);
      if (left.length > 0) underWay.set(accountId, left);
      else underWay.delete(accountId);
    };
  }

  return {
    async placing(hold, place) {
      let end: (() => void) | undefined;
      let counting: Promise<void> | undefined;
      const take: Take = async (holdId) => {
        end = await startWhereThereIsRoom(hold);
        if (holdId !== undefined && !hold.dryRun) counting = count(executor, hold, holdId);
      };
      try {
        const placed = await place(take);
        if (end && !counting && !placed.repeated && !hold.dryRun) await count(executor, hold, placed.id);
        return placed;
      } finally {
        await counting;
        end?.();
      }
    },
  };
}

/** Where that cannot be written, the hold stands all the same, and does not count. */
async function count(executor: Executor, hold: HoldToCount, holdId: string): Promise<void> {
  const { accountId, keyId: holder, expiresAt } = hold;
  const command = { type: 'CountHold', data: { accountId, holdId, holder, expiresAt } } as const;
  await write(executor, hold, command).catch((error) => {
    if (!(error instanceof Refusal)) throw error;
  });
}

/** Of those that leave no room for another hold of that key, the key's own first. */
function fullFor({ keyId }: HoldToCount, live: readonly Counted[]): readonly Counted[] | undefined {
  const own = live.filter(({ holder }) => holder === keyId);
  if (own.length >= maxHoldsOfAccount.perKey) return own;
  return live.length >= maxHoldsOfAccount.perAccount ? live : undefined;
}

/** Nobody tells the count what becomes of a hold: its calendar is asked when that matters. */
async function endedOf(executor: Executor, holdIds: readonly string[]): Promise<string[]> {
  const ended: string[] = [];
  for (const [userId, ofUser] of Map.groupBy(holdIds, userOf)) {
    const { state } = await executor.load(calendar, userId, { fresh: true });
    ended.push(...ofUser.filter((id) => holdOf(state, id)?.outcome !== 'open'));
  }
  return ended;
}

/** One that nobody sends again: each is safe to repeat by what it says. */
async function write(executor: Executor, { accountId, context }: HoldToCount, command: HoldsCommand): Promise<void> {
  const commandId = commandIdFrom(context.organizationId, undefined);
  await executor.execute(holds, accountId, command, { ...context, commandId });
}

function tooMany(full: readonly Counted[], { context: { at } }: HoldToCount): Refusal {
  const soonest = Math.min(...full.map(({ expiresAt }) => expiresAt));
  const retryAfterSeconds = Math.ceil((soonest - at) / second);
  return new Refusal('too_many_holds', 'Too many live holds in the account', { retryAfterSeconds });
}
