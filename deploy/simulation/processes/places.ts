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
  readonly door: Door;
  readonly commands: readonly (Place & Subject)[];
  readonly projections: readonly (Subject & { readonly unexpected: string[] })[];
}

const commandProcesses = 2;
const projectionProcesses = 2;
let madeDoor: Promise<Door> | undefined;

export async function openPlaces(world: World, engines: Engines, plant: Plant): Promise<Places> {
  madeDoor ??= createDoor();
  const door = await madeDoor;
  const commands = Array.from({ length: commandProcesses }, (_, n) => {
    return commandPlace(`command${n}`, door, world, engines, plant);
  });
  const projections = Array.from({ length: projectionProcesses }, (_, n) => {
    return projectionPlace(`follower${n}`, world, engines, plant);
  });
  return { door, commands, projections };
}

function commandPlace(name: string, door: Door, world: World, engines: Engines, plant: Plant): Place & Subject {
  const start = () => startCommandProcess(name, world, engines, plant);
  const place = {
    name,
    door,
    ...start(),
    restart: () => void Object.assign(place, start()),
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
