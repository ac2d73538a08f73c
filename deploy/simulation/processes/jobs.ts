import { createCommandSender } from '@agentcal/command-service/commands';
import {
  type Consumer,
  carryOutJob,
  type LifecycleJob,
  lifecycleReaction,
  type MemorySession,
  type MemoryTransaction,
  type Row,
} from '@agentcal/projection-service/simulation';
import type { Bus } from '@agentcal/shared/bus/port';
import type { EventStore } from '@agentcal/shared/event-store/port';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { second } from '@agentcal/shared/kernel/time';
import { ask, type Line } from '../world/line.ts';
import { executorTiming } from './command-process.ts';

export const jobsTable = 'simulation.jobs';

/** A job as the queue keeps it until it is done. */
export interface QueuedJob {
  readonly id: string;
  readonly data: LifecycleJob;
  /** When it is to be tried, or tried again because whoever took it did not come back. */
  readonly nextAt: number;
  readonly tried: number;
}

type BossOf = Parameters<typeof lifecycleReaction>[0];

/** The product's own reaction, with a queue that is written in its transaction. */
export function lifecycleOnMemory(): Consumer {
  let rows: MemoryTransaction | undefined;
  const insert = async (_queue: string, jobs: readonly { id: string; startAfter: Date; data: LifecycleJob }[]) => {
    for (const { id, startAfter, data } of jobs) {
      // The same event asks for the same job: one that is there, or was done, is not asked for again.
      if (rows!.get(jobsTable, id)) continue;
      rows!.set(jobsTable, id, { id, data, nextAt: startAfter.getTime(), tried: 0 } satisfies QueuedJob as never);
    }
  };
  const reaction = lifecycleReaction({ insert } as unknown as BossOf);
  return {
    ...reaction,
    apply: async (trx, batch) => {
      rows = trx as unknown as MemoryTransaction;
      await reaction.apply(trx, batch);
    },
  };
}

const lookEveryMs = 4_000;
/** Whoever took a job and does not come back within this time has died with it. */
const cutOffMs = 20 * second;

/** Works off what has become due, until its process ends. A job whose end is not written down is done again. */
export function startWorker(
  line: Line,
  { session, store, bus }: { readonly session: MemorySession; readonly store: EventStore; readonly bus: Bus },
  unexpected: (error: unknown) => void,
): void {
  const { life, scheduler, random } = line;
  const sender = createCommandSender({ store, bus, clock: life.clock, timing: executorTiming(life) });
  const change = <T>(work: (rows: MemoryTransaction) => T): Promise<T> =>
    ask(line, () => session.transaction(async (trx) => work(trx.native as MemoryTransaction)));

  const work = async ({ id, data, tried }: QueuedJob) => {
    try {
      const outcome = await carryOutJob({ sender, clock: life.clock }, data);
      scheduler.note(life.name, `${data.command.type}: ${outcome}`);
      await change((rows) => rows.set(jobsTable, id, { id, done: true }));
    } catch (error) {
      const isPassing = error instanceof Refusal || /clock of this process is behind/.test((error as Error).message);
      if (!isPassing) unexpected(error);
      const nextAt = scheduler.now + Math.min(2 ** tried, 60) * second;
      await change((rows) => rows.set(jobsTable, id, { id, data, nextAt, tried: tried + 1 } as never));
    }
  };
  const look = async () => {
    const due = await change((rows) => takeDue(rows, scheduler.now));
    await Promise.all(due.map(work));
  };
  const again = () => {
    look()
      .catch(unexpected)
      .then(() => life.after(lookEveryMs * (0.5 + random.next()), again));
  };
  again();
}

function takeDue(rows: MemoryTransaction, now: number): QueuedJob[] {
  const due = jobsIn(rows.all(jobsTable)).filter(({ nextAt }) => nextAt <= now);
  for (const job of due) rows.set(jobsTable, job.id, { ...job, nextAt: now + cutOffMs } as never);
  return due;
}

/** Those that are not done. */
export function jobsIn(rows: readonly Row[]): QueuedJob[] {
  return (rows as unknown as (QueuedJob & { readonly done?: true })[]).filter(({ done }) => !done);
}
