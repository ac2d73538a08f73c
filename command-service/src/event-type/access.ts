import { isId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Executor, Loaded } from '../executor/port.ts';
import * as eventType from './decider.ts';

type Found = Loaded<eventType.KnownEventType>;

/** An event type of an account that the caller has been let into. @throws {Refusal} `not_found`, also for a retired one */
export async function findEventType(executor: Executor, accountId: string, eventTypeId: string): Promise<Found> {
  const found = await findAnyEventType(executor, accountId, eventTypeId);
  if (found.state.status === 'retired') throw new Refusal('not_found');
  return found;
}

/** The same, retired or not: for retiring again. */
export async function findAnyEventType(executor: Executor, accountId: string, eventTypeId: string): Promise<Found> {
  if (!isId('eventType', eventTypeId)) throw new Refusal('not_found');
  const { state, ...place } = await executor.load(eventType, eventTypeId);
  if (state.status === 'absent' || state.accountId !== accountId) throw new Refusal('not_found');
  return { state, ...place };
}
