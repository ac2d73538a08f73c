import { createCheckpoints } from './checkpoints.ts';
import type { Consumer } from './consumer.ts';
import type { EngineDeps } from './deps.ts';
import { type RunningConsumer, startConsumer } from './runner.ts';
import type { ConsumerStatus } from './status.ts';

export interface RunningEngine {
  readonly statuses: readonly Readonly<ConsumerStatus>[];
  /** Lets each batch that is being written finish. */
  stop(): Promise<void>;
}

/** Runs consumers, each by itself: one that fails holds up no other. */
export async function startEngine(consumers: readonly Consumer[], deps: EngineDeps): Promise<RunningEngine> {
  await createCheckpoints(deps.db);
  const running: readonly RunningConsumer[] = consumers.map((consumer) => startConsumer(consumer, deps));
  return {
    statuses: running.map(({ status }) => status),
    stop: async () => {
      await Promise.all(running.map((one) => one.stop()));
    },
  };
}
