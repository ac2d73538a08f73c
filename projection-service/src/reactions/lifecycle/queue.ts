import { createHash } from 'node:crypto';
import type { Cause, MachineCommand } from '@agentcal/command-service/commands';
import { toIso } from '@agentcal/shared/kernel/time';
import type { PgBoss } from 'pg-boss';
import type { ConsumedEvent } from '../../engine/consumer.ts';
import { makeBossQueue } from '../../jobs/boss-queue.ts';
import type { NewJob } from '../../jobs/port.ts';
import type { Due } from './due.ts';

export const lifecycleQueue = 'lifecycle';
/** Where jobs go that have failed for about a day. They are kept there for whoever looks into it. */
export const givenUpQueue = 'lifecycle-given-up';

const day = 86_400;

/** A command and when it is due: everything that whoever carries it out needs to know. */
export interface LifecycleJob {
  readonly due_at: string;
  readonly command: MachineCommand;
  readonly cause: Cause;
}

const terms = {
  // With these waits the last attempt is made after about a day.
  retryLimit: 34,
  firstRetrySeconds: 2,
  longestRetrySeconds: 3_600,
  // A batch ends well before. One that does not hangs, and is done again.
  cutOffSeconds: 60,
};

export async function makeLifecycleQueues(boss: PgBoss): Promise<void> {
  // However long nobody was there to do it: it is still to be done.
  const retentionSeconds = 365 * day;
  // pg-boss tells nobody of what it moves there itself: it has to be looked for.
  const found = { retentionSeconds, deleteAfterSeconds: 90 * day, notify: false };
  await makeBossQueue(boss, givenUpQueue, terms, found);
  await makeBossQueue(boss, lifecycleQueue, terms, { retentionSeconds, deadLetter: givenUpQueue });
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
