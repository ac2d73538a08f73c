import { type CommandSender, createCommandSender } from '@agentcal/command-service/commands';
import {
  carryOutJob,
  createMemoryLedger,
  createMemoryQueue,
  type Dispatch,
  dispatchTerms,
  type JobQueue,
  type KeptDelivery,
  type KeptJob,
  keptJobs,
  type LifecycleJob,
  type QueueTerms,
  removalTerms,
  type Sender,
  startDeliveries,
} from '@agentcal/projection-service/simulation';
import type { Bus } from '@agentcal/shared/bus/port';
import type { EventStore } from '@agentcal/shared/event-store/port';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { second } from '@agentcal/shared/kernel/time';
import { connectStatements, travelling } from '../engines/storage.ts';
import type { Line } from '../world/line.ts';
import { executorTiming } from './command-process.ts';
import type { Engines } from './engines.ts';

/** What waits to be done, in the database that all processes share. */
export interface Queues {
  readonly dispatch: Dispatch;
  readonly lifecycle: JobQueue<LifecycleJob>;
}

const tables = { removals: 'jobs.removals', lifecycle: 'jobs.lifecycle' };
/** Waits are shorter than in the product, so that a run ends. */
const soon = { lookEverySeconds: 5, longestRetrySeconds: 30, cutOffSeconds: 20 };
const soonSent = { firstSeconds: 5, longestSeconds: 30 };
const sendingTerms = { ...dispatchTerms, lookEverySeconds: 5, retry: soonSent, rest: soonSent };
const lifecycleTerms: QueueTerms = { ...removalTerms, ...soon, concurrency: 4, retryLimit: 34, firstRetrySeconds: 2 };

/** The queues as one process has them. */
export function connectQueues(line: Line, engines: Engines, failed: (error: unknown) => void): Queues {
  const transaction = connectStatements(engines.rows, line);
  const { timing } = line.life;
  const clock = { now: () => line.scheduler.now };
  const queue = <T extends object>(table: string, terms: QueueTerms): JobQueue<T> =>
    createMemoryQueue({ table, transaction, clock, timing, failed }, terms);
  const ledger = createMemoryLedger(transaction, clock);
  return {
    dispatch: {
      ledger: { ...ledger, within: (trx) => travelling(ledger.within(trx), line) },
      removals: queue(tables.removals, { ...removalTerms, ...soon }),
    },
    lifecycle: queue(tables.lifecycle, lifecycleTerms),
  };
}

/** Works off what has become due, until its process ends. */
export async function startWorkers(
  line: Line,
  engines: Engines,
  queues: Queues,
  { store, bus, sender }: { readonly store: EventStore; readonly bus: Bus; readonly sender: Sender },
  failed: (error: unknown) => void,
): Promise<void> {
  const { life, scheduler } = line;
  const commands: CommandSender = createCommandSender({ store, bus, clock: life.clock, timing: executorTiming(life) });
  await queues.lifecycle.work(async (data) => {
    const outcome = await carryOutJob({ sender: commands, clock: life.clock }, data);
    scheduler.note(life.name, `${data.command.type}: ${outcome}`);
  });
  await startDeliveries({
    ...queues.dispatch,
    sender,
    vault: engines.vault.connect(line),
    links: { addTo: (booking) => booking },
    bus,
    clock: life.clock,
    timing: life.timing,
    log: { info: () => {}, error: (fields) => failed((fields as { err?: unknown }).err) },
    terms: sendingTerms,
  });
}

/** What a job may be tried again for, without anything being wrong. */
export function isPassing(error: unknown): boolean {
  return error instanceof Refusal || /clock of this process is behind/.test((error as Error).message);
}

/** What is not done or sent yet and should be, now that all is calm. */
export function jobsLeft({ rows }: Engines, now: number): readonly (KeptJob | KeptDelivery)[] {
  const deliveries = rows.rows('webhooks', 'deliveries') as unknown as readonly KeptDelivery[];
  const unsent = deliveries.filter(({ status }) => status === 'pending');
  const undone = Object.values(tables).flatMap((table) => {
    const [schema, name] = table.split('.') as [string, string];
    return keptJobs(rows.rows(schema, name)).filter((job) => job.end !== 'done' && isWaitedFor(job, now));
  });
  return [...undone, ...unsent];
}

/** What is due, and what others have left undone: a plan made by a clock that was ahead is looked at late. */
function isWaitedFor({ dueAt, data }: KeptJob, now: number): boolean {
  const { type } = (data as Partial<LifecycleJob>).command ?? {};
  return dueAt <= now + 30 * second || type === 'resume-plan' || type === 'release-parts';
}
