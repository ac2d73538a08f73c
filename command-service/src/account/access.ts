import type { Principal } from '@agentcal/shared/http/principal';
import { isId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Executor, Loaded } from '../executor/port.ts';
import * as account from './decider.ts';

/**
 * The account that a request is about. Another organization's, one of the other mode and one that was deleted are
 * all as absent as one that never was: nothing crosses a tenant.
 *
 * @throws {Refusal} `not_found`
 */
export async function findAccount(
  executor: Executor,
  principal: Principal,
  accountId: string,
): Promise<Loaded<account.KnownAccount>> {
  const found = await findAnyAccount(executor, principal, accountId);
  if (found.state.status === 'deleted') throw new Refusal('not_found');
  return found;
}

/** The same, deleted or not: for deleting again. */
export async function findAnyAccount(
  executor: Executor,
  { organizationId, livemode }: Principal,
  accountId: string,
): Promise<Loaded<account.KnownAccount>> {
  if (!isId('account', accountId)) throw new Refusal('not_found');
  const { state, ...place } = await executor.load(account, accountId);
  const own = state.status !== 'absent' && state.organizationId === organizationId && state.livemode === livemode;
  if (!own) throw new Refusal('not_found');
  return { state, ...place };
}
