import { createHash } from 'node:crypto';
import type { Cause, MachineCommand } from '@agentcal/command-service/commands';
import { toIso } from '@agentcal/shared/kernel/time';
import type { PgBoss } from 'pg-boss';
import type { ConsumedEvent } from '../../engine/consumer.ts';
import { heartbeatSeconds } from '../../jobs/boss.ts';
import type { NewJob } from '../../jobs/port.ts';
import type { Due } from './due.ts';

export const lifecycleQueue = 'lifecycle';
/** Where jobs go that have failed for about a day. They are kept there for whoever looks into it. */
export const givenUpQueue = 'lifecycle-given-up';

/** A command and when it is due: everything that whoever carries it out needs to know. */
export interface LifecycleJob {
  readonly due_at: string;
  readonly command: MachineCommand;
  readonly cause: Cause;
}

const day = 86_400;
/** The first wait; each one after it is about twice as long, an hour at most. */
const firstRetrySeconds = 2;
const longestRetrySeconds = 3_600;
/** With these waits the last attempt is made after about a day. */
const retryLimit = 34;

export async function createLifecycleQueues(boss: PgBoss): Promise<void> {
  const kept = { deleteAfterSeconds: 90 * day, retentionSeconds: 365 * day };
  await boss.createQueue(givenUpQueue, kept);
  await boss.updateQueue(givenUpQueue, kept);
  const options = {
    retryLimit,
    retryDelay: firstRetrySeconds,
    retryBackoff: true,
    retryDelayMax: longestRetrySeconds,
    // A batch ends well before. One that does not hangs, and is done again.
    expireInSeconds: 60,
    heartbeatSeconds,
    // However long nobody was there to do it: it is still to be done.
    retentionSeconds: 365 * day,
    deleteAfterSeconds: day,
    deadLetter: givenUpQueue,
    notify: true,
  };
  await boss.createQueue(lifecycleQueue, options);
  await boss.updateQueue(lifecycleQueue, options);
}

export function jobOf(event: ConsumedEvent, { at, command }: Due): NewJob<LifecycleJob> {
  const { organization_id, account_id = '', livemode, correlation_id } = event.metadata;
  const cause: Cause = {
    id: event.id,
    organizationId: organization_id,
    accountId: account_id,
    livemode,
    correlationId: correlation_id,
    actor: { kind: 'system', id: 'lifecycle' },
  };
  return {
    id: jobIdOf(event.id, command.type),
    dueAt: at,
    data: { due_at: toIso(at), command, cause },
  };
}

/** The same event asks for the same job: a UUID of version 8, so that a repeat is not there twice. */
export function jobIdOf(eventId: string, what: MachineCommand['type']): string {
  const hex = createHash('sha256').update(`${what}\n${eventId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
