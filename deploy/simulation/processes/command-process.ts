import { openExecutor, type Timing } from '@agentcal/command-service/service';
import type { Plant } from '../plants/plant.ts';
import { Life } from '../world/life.ts';
import type { World } from '../world/line.ts';
import type { Inside } from './door.ts';
import { withEagerSnapshots } from './eager-snapshots.ts';
import type { Engines } from './engines.ts';

/** Time as the executor takes it. */
export function executorTiming(life: Life): Timing {
  return {
    random: life.timing.random,
    sleep: (ms) => life.pass(ms),
    alarm: (ms, ring) => life.after(ms, ring),
  };
}

/** Starts a command process: the real executor, on ports that end with it. */
export function startCommandProcess(name: string, world: World, engines: Engines, plant: Plant) {
  const life = new Life(name, world.scheduler, world.random);
  const line = { ...world, life };
  const store = engines.log.connect(life);
  const opened = withEagerSnapshots(
    openExecutor({
      store: plant.store?.(store, life) ?? store,
      bus: engines.bus.connect(life),
      clock: life.clock,
      timing: executorTiming(life),
      log: { warn: () => {} },
    }),
  );
  const executor = plant.executor?.(opened, life) ?? opened;
  const inside: Inside = {
    executor,
    vault: engines.vault.connect(line),
    clock: life.clock,
    timing: executorTiming(life),
  };
  return { life, inside };
}
