import type { Place } from '../clients/browser.ts';
import type { Plant } from '../plants/plant.ts';
import type { World } from '../world/line.ts';
import { startCommandProcess } from './command-process.ts';
import { createDoor, type Door } from './door.ts';
import type { Engines } from './engines.ts';
import { startProjectionProcess } from './projection-process.ts';
import type { Subject } from './trouble.ts';

/** What runs in the world at the moment. */
export interface Places {
  readonly commands: readonly (Place & Subject)[];
  readonly projections: readonly (Subject & { readonly unexpected: string[] })[];
}

const commandProcesses = 2;
const projectionProcesses = 2;
const doors: Promise<Door>[] = [];

export async function openPlaces(world: World, engines: Engines, plant: Plant): Promise<Places> {
  const commands = await Promise.all(
    Array.from({ length: commandProcesses }, async (_, n) => {
      doors[n] ??= createDoor();
      return commandPlace(`command${n}`, await doors[n], world, engines, plant);
    }),
  );
  const projections = Array.from({ length: projectionProcesses }, (_, n) => {
    return projectionPlace(`follower${n}`, world, engines, plant);
  });
  return { commands, projections };
}

function commandPlace(name: string, door: Door, world: World, engines: Engines, plant: Plant): Place & Subject {
  const start = () => {
    const { life, inside } = startCommandProcess(name, world, engines, plant);
    door.moveIn(inside);
    return life;
  };
  const place = {
    name,
    door,
    life: start(),
    restart: () => {
      place.life = start();
    },
  };
  return place;
}

function projectionPlace(name: string, world: World, engines: Engines, plant: Plant): Places['projections'][number] {
  const unexpected: string[] = [];
  const start = () => startProjectionProcess(name, world, engines, plant, unexpected);
  const place = {
    name,
    unexpected,
    life: start(),
    restart: () => {
      place.life = start();
    },
  };
  return place;
}
