import { isId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Executor, Loaded } from '../executor/port.ts';
import * as user from './decider.ts';

/** A user of an account that the caller has been let into. @throws {Refusal} `not_found`, also for a removed one */
export async function findUser(executor: Executor, accountId: string, userId: string): Promise<Loaded<user.KnownUser>> {
  const found = await findAnyUser(executor, accountId, userId);
  if (found.state.status === 'removed') throw new Refusal('not_found');
  return found;
}

/** Whether there is such a user in the account, and not removed. */
export async function isActiveUser(executor: Executor, accountId: string, userId: string): Promise<boolean> {
  if (!isId('user', userId)) return false;
  const { state } = await executor.load(user, userId);
  return state.status === 'active' && state.accountId === accountId;
}

/** The same, removed or not: for removing again. */
export async function findAnyUser(
  executor: Executor,
  accountId: string,
  userId: string,
): Promise<Loaded<user.KnownUser>> {
  if (!isId('user', userId)) throw new Refusal('not_found');
  const { state, ...place } = await executor.load(user, userId);
  if (state.status === 'absent' || state.accountId !== accountId) throw new Refusal('not_found');
  return { state, ...place };
}
