import {
  type EngineDeps,
  followProgress,
  lifecycleReaction,
  projections,
  startEngine,
  webhooksReaction,
} from '@agentcal/projection-service/simulation';
import { connectStorage, Outage } from '../engines/storage.ts';
import type { Plant } from '../plants/plant.ts';
import { Life } from '../world/life.ts';
import { ask, type World } from '../world/line.ts';
import type { Engines } from './engines.ts';
import { connectQueues, isPassing, startWorkers } from './jobs.ts';
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
    const isExpected = expected.has(kind) || inEachOthersWay.test(message) || isPassing(error);
    if (!isExpected) unexpected.push(stack ?? message);
  };
  const connected = connectQueues(line, engines, note);
  const queues = plant.queues?.(connected) ?? connected;
  const reactions = [journal, lifecycleReaction(queues.lifecycle), webhooksReaction(queues.dispatch)];
  const released = projections.map((one) => ({ ...one, version: one.version + engines.releases }));
  const start = () => {
    startEngine([...released, ...reactions], deps).catch((error) => {
      note(error);
      life.after(1_000, start);
    });
  };
  start();
  const sender = engines.receivers.connect(line);
  startWorkers(line, engines, queues, { store, bus, sender: plant.sender?.(sender) ?? sender }, note);
  return life;
}

/** Two that both believe that they lead, or build: one of them finds what the other has made, and tries again. */
const inEachOthersWay = /the locks are lost|session has ended|there is (a|no|still) /;

/** What a consumer may say of a world that fails it. */
const expected = new Set([Outage.name, 'Fenced', 'StoreUnavailable']);
