import type { Pool } from 'pg';
import { rawInserts } from './floors.ts';
import { load, median } from './load.ts';
import type { World } from './world.ts';

const connections = 16;
const rounds = 3;
const perRound = 1_600;

export interface BookingFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly floorPerSecond: number;
  readonly ratio: number;
}

/** Bookings over HTTP from 16 connections over many calendars, in turn with the floor: durable one-row inserts from as many. */
export async function measureBookings(url: string, pool: Pool, world: World): Promise<BookingFigures> {
  const { userIds } = world;
  let next = 0;
  const some = (count: number) =>
    Array.from({ length: count }, () => {
      const n = next++;
      return world.booking(userIds[n % userIds.length]!, Math.floor(n / userIds.length));
    });
  await load(url, connections, some(400));
  const loads = [];
  const floors = [];
  for (let round = 0; round < rounds; round++) {
    floors.push(await rawInserts(pool, Math.min(connections, pool.options.max ?? connections), perRound * 4));
    loads.push(await load(url, connections, some(perRound)));
  }
  const perSecond = median(loads.map((one) => one.perSecond));
  const floorPerSecond = median(floors);
  return {
    perSecond,
    p50Ms: median(loads.map((one) => one.p50Ms)),
    p99Ms: median(loads.map((one) => one.p99Ms)),
    floorPerSecond,
    ratio: perSecond / floorPerSecond,
  };
}
