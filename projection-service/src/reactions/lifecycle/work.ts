import type { Job, JobResult, PgBoss } from 'pg-boss';
import type { Registry } from 'prom-client';
import { countJobs } from '../../jobs/metrics.ts';
import { carryOut } from './carry-out.ts';
import { givenUpQueue, type LifecycleJob, lifecycleQueue, makeLifecycleQueues } from './queue.ts';

export type LifecycleDeps = Parameters<typeof carryOut>[0] & {
  readonly boss: PgBoss;
  readonly log: { error(fields: object, message: string): void };
  readonly metrics: Registry;
};

/**
 * Calendars that are written to at the same time. What has piled up while nobody was there is worked off behind the
 * requests of the day, not before them.
 */
const lanes = 4;
/** One look at the queue finds so many; while it is full, the next look follows at once. */
const batchSize = 32;
const looking = {
  batchSize,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: 1,
  notifyPollingIntervalSeconds: 1,
} as const;

/** Carries out what has become due, and says of what could not be done for a day that it has been given up. */
export async function startLifecycle(deps: LifecycleDeps): Promise<void> {
  const { boss, log } = deps;
  const count = countJobs(deps.metrics);
  await makeLifecycleQueues(boss);
  const options = { ...looking, perJobResults: true } as const;
  await boss.work<LifecycleJob, never, typeof options>(lifecycleQueue, options, async (jobs) => {
    const results: JobResult[] = [];
    await inLanes(byCalendar(jobs), async (job) => {
      results.push(await resultOf(deps, job, (outcome) => count(lifecycleQueue, outcome)));
    });
    return results;
  });
  await boss.work<LifecycleJob>(givenUpQueue, { pollingIntervalSeconds: 10 }, async ([job]) => {
    if (!job) return;
    const { command, cause } = job.data;
    log.error({ command, event: cause.id, organization: cause.organizationId }, 'a job has been given up');
    count(lifecycleQueue, 'given_up');
  });
}

async function resultOf(
  deps: LifecycleDeps,
  { id, data }: Job<LifecycleJob>,
  count: (outcome: string) => void,
): Promise<JobResult> {
  try {
    const outcome = await carryOut(deps, data);
    count(outcome);
    return { id, status: 'completed', output: { outcome } };
  } catch (error) {
    deps.log.error({ err: error, command: data.command, event: data.cause.id }, 'a job failed and is tried again');
    count('failed');
    return { id, status: 'failed', output: { message: (error as Error).message } };
  }
}

/** What is about one calendar is done in the order of time, as far as one look at the queue finds it. */
function byCalendar(jobs: readonly Job<LifecycleJob>[]): readonly Job<LifecycleJob>[][] {
  const inOrder = jobs.toSorted((a, b) => Date.parse(a.data.due_at) - Date.parse(b.data.due_at));
  const calendars = Map.groupBy(inOrder, ({ data: { command } }) => calendarOf(command));
  return [...calendars.values()];
}

/** Whatever the command writes to: of a booking, the part of its id that is its calendar's. */
function calendarOf(command: LifecycleJob['command']): string {
  switch (command.type) {
    case 'complete-booking':
    case 'expire-request':
    case 'link-booking':
      return command.booking_id.slice(0, 28);
    case 'mirror-external-busy':
      return command.user_id;
    case 'resume-plan':
      return command.plan_id;
    case 'release-parts':
      return command.event_id;
  }
}

async function inLanes<T>(groups: readonly T[][], work: (item: T) => Promise<void>): Promise<void> {
  const left = groups.values();
  const lane = async () => {
    for (const group of left) for (const item of group) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
