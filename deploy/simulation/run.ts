import { createHash } from 'node:crypto';
import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { minute, second } from '@agentcal/shared/kernel/time';
import { check } from './checker/check.ts';
import { Client } from './clients/client.ts';
import type { Entry } from './clients/history.ts';
import { createTenant, type Tenant } from './clients/tenants.ts';
import { nothingKnown } from './clients/wishes.ts';
import { type Plant, sound } from './plants/plant.ts';
import { createEngines, type Engines } from './processes/engines.ts';
import { jobsLeft } from './processes/jobs.ts';
import { openPlaces, type Places } from './processes/places.ts';
import { startSync } from './processes/sync-process.ts';
import { type Subject, unleashTrouble } from './processes/trouble.ts';
import { replaceChance } from './world/chance.ts';
import { drawWeather, Faults } from './world/faults.ts';
import type { World } from './world/line.ts';
import { Random } from './world/random.ts';
import { Scheduler } from './world/scheduler.ts';

export interface Run {
  readonly seed: number;
  /** What did not hold. Empty where all is well. */
  readonly violations: string[];
  readonly trace: readonly string[];
}

export interface Options {
  readonly plant?: Plant;
  /** How bad the weather is, where the seed is not to decide it: 1 is bad. */
  readonly storm?: number;
}

/** Days on which clocks change somewhere, and one on which they do not. */
const beginnings = ['2026-03-07', '2026-03-28', '2026-10-03', '2026-10-24', '2026-06-10'];

/** Runs the product for a while in a world that one seed decides, lets it come to rest, and looks whether all holds. */
export async function simulate(seed: number, { plant = sound, storm }: Options = {}): Promise<Run> {
  const random = new Random(seed);
  const giveBack = replaceChance(new Random(~seed));
  const scheduler = new Scheduler(Date.parse(`${random.pick(beginnings)}T00:00:00Z`) + random.below(24 * 60) * minute);
  const world: World = { scheduler, random, faults: new Faults(drawWeather(random, storm, plant.weather)) };
  const engines = createEngines(world, { unique: random.chance(0.6), passesGaps: plant.passesGaps ?? false });
  const places = await openPlaces(world, engines, plant);
  const all: Subject[] = [...places.commands, ...places.projections];
  try {
    const tenants = await inTime(world, createTenants(world, engines, places));
    all.push(syncPlace(world, engines, plant, tenants));
    const history = await inTime(world, haveClients(world, engines, places, all, tenants));
    const rested = await comeToRest(world, engines);
    const errors = places.door.takeErrors();
    const unexpected = [...errors, ...places.projections.flatMap((place) => place.unexpected)];
    const found = rested ? await inTime(world, check({ world, engines, places, tenants, history })) : [];
    const violations = [...unexpected, ...(rested ? [] : [`not caught up: ${seatsOf(engines)}`]), ...found];
    scheduler.note('world', `the log is ${digestOf(await engines.log.everything())}`);
    return { seed, violations, trace: scheduler.trace };
  } catch (error) {
    return { seed, violations: [`the run broke: ${(error as Error).stack}`], trace: scheduler.trace };
  } finally {
    giveBack();
    for (const { life } of all) life.crash();
  }
}

async function createTenants(world: World, engines: Engines, { commands }: Places): Promise<readonly Tenant[]> {
  const [place] = commands;
  return [await createTenant('one', world, engines, place!, 3), await createTenant('two', world, engines, place!, 1)];
}

function syncPlace(world: World, engines: Engines, plant: Plant, tenants: readonly Tenant[]): Subject {
  const start = () => startSync('sync', world, engines, plant, tenants);
  const place = {
    name: 'sync',
    life: start(),
    restart: () => {
      place.life = start();
    },
  };
  return place;
}

const stormMs = 2 * minute;

/** Clients do what they want in bad weather, which ends after a while; then they ask until they know. */
async function haveClients(
  world: World,
  engines: Engines,
  places: Places,
  all: readonly Subject[],
  tenants: readonly Tenant[],
): Promise<readonly Entry[]> {
  const { scheduler, random, faults } = world;
  const history: Entry[] = [];
  const clients = tenants.flatMap((tenant, index) => {
    const deps = { world, places: places.commands, tenant, stranger: tenants[1 - index]!, history };
    const known = nothingKnown();
    return Array.from({ length: 3 - 2 * index }, (_, n) => new Client(`client${index}${n}`, deps, known));
  });
  const calm = () => {
    if (faults.isCalm) return;
    scheduler.note('world', 'calms down');
    faults.calmDown();
    for (const { life } of all) life.clockOffMs = 0;
    for (const client of clients) client.persist();
  };
  faults.unleash();
  unleashTrouble(world, engines, all);
  scheduler.after(stormMs, calm);
  await Promise.all(clients.map((client) => client.run(random.between(3, 7))));
  calm();
  return history;
}

/** Whatever is late arrives, what is due is done, and everybody reads to the end. */
async function comeToRest({ scheduler }: World, engines: Engines): Promise<boolean> {
  const { log, rows } = engines;
  await scheduler.run(() => false, scheduler.now + 30 * second);
  const endOf = async () => (await log.everything()).at(-1)?.position ?? 0n;
  const deadline = scheduler.now + 15 * minute;
  for (let end = await endOf(); ; ) {
    const isDone = () => {
      if (!rows.seats().every(({ position }) => position >= end)) return false;
      return jobsLeft(engines, scheduler.now).length === 0;
    };
    if (!(await scheduler.run(isDone, deadline))) return false;
    const reached = end;
    end = await endOf();
    if (end === reached) return true;
  }
}

function seatsOf({ rows }: Engines): string {
  return rows
    .seats()
    .map(({ consumer, position, epoch }) => `${consumer} is at ${position} (epoch ${epoch})`)
    .join(', ');
}

/** So that two runs that differ in one byte of the log have another trace. */
function digestOf(log: readonly RecordedEvent[]): string {
  const text = JSON.stringify(log, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

async function inTime<T>({ scheduler }: World, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  done.catch(() => {});
  if (!(await scheduler.run(() => isDone, scheduler.now + 30 * minute))) throw new Error('nothing goes on any more');
  return done;
}
