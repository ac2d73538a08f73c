import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ConsumerStatus, Observer } from './engine/status.ts';

/** Consumers as Prometheus sees them: where they are, how far behind, and whether they fail. */
export function observeConsumers(register: Registry, statuses: () => readonly Readonly<ConsumerStatus>[]): Observer {
  const registers = [register];
  const events = new Counter({
    name: 'agentcal_consumer_events_total',
    help: 'Events that a consumer has applied',
    labelNames: ['consumer'] as const,
    registers,
  });
  const failures = new Counter({
    name: 'agentcal_consumer_failures_total',
    help: 'Batches that did not go through and were tried again',
    labelNames: ['consumer'] as const,
    registers,
  });
  const duration = new Histogram({
    name: 'agentcal_consumer_batch_seconds',
    help: 'Time from a batch having been read to its commit',
    labelNames: ['consumer'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  gauge(register, 'agentcal_consumer_position', 'Position in the log that a consumer has reached', statuses, (status) =>
    Number(status.position),
  );
  gauge(
    register,
    'agentcal_consumer_behind_seconds',
    'Age of the last event applied; 0 at the end of the log',
    statuses,
    (status) => status.behindMs / 1_000,
  );
  gauge(register, 'agentcal_consumer_failing', '1 while the last batch has not gone through', statuses, (status) =>
    Number(status.failures > 0),
  );
  return {
    committed: ({ consumer }, batch) => {
      events.inc({ consumer }, batch.events);
      duration.observe({ consumer }, batch.durationMs / 1_000);
    },
    failed: ({ consumer }) => failures.inc({ consumer }),
  };
}

function gauge(
  register: Registry,
  name: string,
  help: string,
  statuses: () => readonly Readonly<ConsumerStatus>[],
  value: (status: Readonly<ConsumerStatus>) => number,
): void {
  const one: Gauge<'consumer' | 'state'> = new Gauge({
    name,
    help,
    labelNames: ['consumer', 'state'] as const,
    registers: [register],
    collect: () => {
      one.reset();
      for (const status of statuses()) one.set({ consumer: status.consumer, state: status.state }, value(status));
    },
  });
}
