import type { Consumer } from './consumer.ts';
import type { EngineDeps } from './deps.ts';
import { openLive } from './open.ts';
import { type RunningConsumer, startConsumer } from './runner.ts';
import type { ConsumerStatus } from './status.ts';

export interface RunningEngine {
  readonly statuses: readonly Readonly<ConsumerStatus>[];
  /** Lets each batch that is being written finish. */
  stop(): Promise<void>;
}

/** Runs consumers, each by itself: one that fails holds up no other. */
export async function startEngine(consumers: readonly Consumer[], deps: EngineDeps): Promise<RunningEngine> {
  await deps.storage.prepare();
  // Readers find every table from the first moment on, if with nothing in it yet.
  for (const consumer of consumers) if (consumer.kind === 'projection') await openLive(deps.storage, consumer);
  const running: readonly RunningConsumer[] = consumers.map((consumer) => startConsumer(consumer, deps));
  return {
    statuses: running.map(({ status }) => status),
    stop: async () => {
      await Promise.all(running.map((one) => one.stop()));
    },
  };
}
