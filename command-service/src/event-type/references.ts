import type { FieldFault } from '@agentcal/shared/kernel/refusal';
import { holidayFaults } from '../account/hours.ts';
import type { Executor } from '../executor/port.ts';
import { isActiveUser } from '../user/access.ts';
import type { EventTypeSettings } from './events.ts';

type Referring = { readonly [K in 'hosts' | 'hours']?: EventTypeSettings[K] | null };

/**
 * What a request names that has to be there: its hosts are users of the account, and not removed; its public holidays
 * are of a country that has some. Looked up before the command, which carries the faults, so that a repeat of a
 * request that was good is answered as it was, whoever has been removed since.
 *
 * Only what the request itself names: a host who is removed later stays named, and is never able.
 */
export async function faultyReferences(
  executor: Executor,
  accountId: string,
  { hosts, hours }: Referring,
): Promise<FieldFault[]> {
  const [ofHosts, ofHours] = await Promise.all([
    Promise.all((hosts ?? []).map(({ user_id }) => isActiveUser(executor, accountId, user_id))),
    hours ? holidayFaults(hours, '/body/hours') : [],
  ]);
  const unknown = ofHosts.flatMap((known, i) => (known ? [] : [`/body/hosts/${i}/user_id`]));
  return [...unknown.map((pointer) => ({ pointer, detail: 'There is no such user in the account' })), ...ofHours];
}
