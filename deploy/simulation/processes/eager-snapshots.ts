import type { Executor } from '@agentcal/command-service/service';

/** Runs are short: here a snapshot is taken every few events, so that processes that start do begin with one. */
export function withEagerSnapshots(executor: Executor): Executor {
  return {
    execute: (aggregate, ...rest) => executor.execute(eager(aggregate), ...rest),
    load: (aggregate, ...rest) => executor.load(eager(aggregate), ...rest),
    close: () => executor.close(),
  };
}

function eager<A extends { readonly snapshots?: { readonly everyEvents: number } }>(aggregate: A): A {
  return aggregate.snapshots ? { ...aggregate, snapshots: { ...aggregate.snapshots, everyEvents: 2 } } : aggregate;
}
