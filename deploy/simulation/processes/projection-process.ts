import { type EngineDeps, followProgress, projections, startEngine } from '@agentcal/projection-service/simulation';
import { connectStorage, Outage } from '../engines/storage.ts';
import type { Plant } from '../plants/plant.ts';
import { Life } from '../world/life.ts';
import { ask, type World } from '../world/line.ts';
import type { Engines } from './engines.ts';
import { lifecycleOnMemory, startWorker } from './jobs.ts';
import { journal } from './journal.ts';

/** Starts a projection process: the real engine with the real projections, on ports that end with it. */
export function startProjectionProcess(
  name: string,
  world: World,
  engines: Engines,
  plant: Plant,
  unexpected: string[],
): Life {
  const life = new Life(name, world.scheduler, world.random);
  const line = { ...world, life };
  const store = engines.log.connect(life);
  const bus = engines.bus.connect(life);
  const positions = () =>
    ask(line, () => {
      const live = engines.rows.seats().filter(({ slot }) => slot === 'live');
      return live.map(({ consumer, position }) => [consumer, position] as const);
    });
  const deps: EngineDeps = {
    storage: connectStorage(engines.rows, line),
    store: plant.store?.(store, life) ?? store,
    bus,
    vault: engines.vault.connect(line),
    clock: life.clock,
    timing: life.timing,
    progress: followProgress({ positions, bus, timing: life.timing }),
    leadership: engines.locks.connect(life),
    log: { info: () => {}, error: (fields) => note((fields as { err?: unknown }).err) },
    ...(plant.commit && { commit: plant.commit }),
  };
  const note = (error: unknown) => {
    const { name: kind, message, stack } = error as Error;
    world.scheduler.note(name, `a consumer failed: ${message}`);
    if (!expected.has(kind) && !inEachOthersWay.test(message)) unexpected.push(stack ?? message);
  };
  const released = projections.map((one) => ({ ...one, version: one.version + engines.releases }));
  const start = () => {
    startEngine([...released, journal, lifecycleOnMemory()], deps).catch((error) => {
      note(error);
      life.after(1_000, start);
    });
  };
  start();
  const session = engines.rows.connect();
  life.onEnd(() => session.end());
  startWorker(line, { session, store, bus }, note);
  return life;
}

/** Two that both believe that they lead, or build: one of them finds what the other has made, and tries again. */
const inEachOthersWay = /the locks are lost|session has ended|there is (a|no|still) /;

/** What a consumer may say of a world that fails it. */
const expected = new Set([Outage.name, 'Fenced', 'StoreUnavailable']);
