import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Cluster, Slot } from './cluster.fixture.ts';
import type { Random } from './random.ts';

/** Something that goes wrong and is over when its promise resolves. */
export interface Fault {
  readonly name: string;
  /** After that part of the run, from 0 to 1. */
  readonly after: number;
  run(): Promise<void>;
}

/**
 * What goes wrong in a run, and when: drawn from its seed. Services and backends are killed and come back, or are
 * stopped, so that they neither answer nor hang up, and go on later as if nothing had been.
 */
export function drawFaults(cluster: Cluster, random: Random): Fault[] {
  const { commands, projection, query } = cluster;
  const at = (from: number, to: number) => from + random.next() * (to - from);
  // What the projection service was sending when it was killed is sent again after a quarter of a minute: so, early.
  return [
    fault(`kill ${projection.name}`, at(0.05, 0.2), () => projection.restart()),
    fault(`stop ${projection.name}`, at(0.3, 0.8), () => stopped(projection, random)),
    fault(`stop ${query.name}`, at(0.1, 0.9), () => stopped(query, random)),
    ...commands.flatMap((slot, index) => [
      // One after another, so that mostly some are there.
      fault(`kill command-service ${index}`, at(index / commands.length, (index + 0.7) / commands.length), () =>
        slot.restart(),
      ),
      fault(`stop command-service ${index}`, at(0.1, 0.9), () => stopped(slot, random)),
    ]),
    ...backendFaults(cluster, random, at),
  ].sort((a, b) => a.after - b.after);
}

function backendFaults(
  { databaseUrl, double, nats }: Cluster,
  random: Random,
  at: (from: number, to: number) => number,
): Fault[] {
  const terminated = `select pg_terminate_backend(pid) from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid() and random() < 0.5`;
  const postgres = [
    fault(
      'end half of the connections to Postgres',
      at(0.1, 0.9),
      async () => void (await ask(databaseUrl, terminated)),
    ),
    fault('stop some backends of Postgres', at(0.1, 0.9), () => stopBackends(databaseUrl, random)),
    fault('kill a backend of Postgres', at(0.3, 0.9), () => killBackend(databaseUrl, random)),
  ];
  const stores = double && [
    fault('kill the event store', at(0.1, 0.5), () => double.restart()),
    fault('stop the event store', at(0.5, 0.9), async () => {
      double.stop();
      await pause(lasting(random));
      double.cont();
    }),
  ];
  const buses = nats && [fault('kill NATS', at(0.1, 0.9), () => nats.kill().then(() => nats.restart()))];
  return [...(stores ?? []), ...postgres.slice(double ? 2 : 0), ...(buses ?? [])];
}

const fault = (name: string, after: number, run: () => Promise<void>): Fault => ({ name, after, run });

function lasting(random: Random): number {
  return 300 + random.below(2_000);
}

async function stopped(slot: Slot, random: Random): Promise<void> {
  slot.signal('SIGSTOP');
  await pause(lasting(random));
  slot.signal('SIGCONT');
}

async function stopBackends(databaseUrl: string, random: Random): Promise<void> {
  const pids = (await backends(databaseUrl)).filter(() => random.next() < 0.3);
  for (const pid of pids) signal(pid, 'SIGSTOP');
  await pause(lasting(random));
  for (const pid of pids) signal(pid, 'SIGCONT');
}

/** Postgres then ends all others too, and recovers from its log. */
async function killBackend(databaseUrl: string, random: Random): Promise<void> {
  let pids: number[] = [];
  while (pids.length === 0) pids = await backends(databaseUrl);
  signal(random.pick(pids), 'SIGKILL');
}

async function backends(databaseUrl: string): Promise<number[]> {
  const rows = await ask(
    databaseUrl,
    `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() order by pid`,
  );
  return rows.map(({ pid }) => pid);
}

function signal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function ask(databaseUrl: string, text: string): Promise<{ pid: number }[]> {
  for (;;) {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(text)).rows;
    } catch {
      // Another fault has just hit Postgres.
      await pause(100);
    } finally {
      await client.end().catch(() => {});
    }
  }
}
