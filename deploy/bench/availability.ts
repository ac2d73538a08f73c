import type { Pool } from 'pg';
import { bareRoute } from './floors.ts';
import { type Load, load, median, type Request } from './load.ts';
import type { World } from './world.ts';

const connections = 16;
const rounds = 3;
const perRound = 3_000;

export interface AvailabilityFigures {
  readonly busy: number;
  readonly load: Pick<Load, 'perSecond' | 'p50Ms' | 'p99Ms'>;
  readonly floorPerSecond: number;
  readonly ratio: number;
}

/** A week of slots of one user who has many bookings, against a bare Fastify route with one indexed select. */
export async function measureAvailability(
  url: string,
  pool: Pool,
  world: World,
  userId: string,
  busy: number,
): Promise<AvailabilityFigures> {
  const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const query = new URLSearchParams({
    user_id: userId,
    event_type_id: world.eventTypeId,
    start_date: day(2),
    end_date: day(8),
    timezone: 'Europe/Berlin',
  });
  const request: Request = {
    method: 'GET',
    path: `/v1/accounts/${world.accountId}/availability?${query}`,
    headers: { authorization: world.headers.authorization! },
  };
  await load(url, connections, Array(500).fill(request));
  const loads: Load[] = [];
  const floors: number[] = [];
  for (let round = 0; round < rounds; round++) {
    floors.push((await bareRoute(pool, connections, perRound)).perSecond);
    loads.push(await load(url, connections, Array(perRound).fill(request)));
  }
  const perSecond = median(loads.map((one) => one.perSecond));
  return {
    busy,
    load: { perSecond, p50Ms: median(loads.map((one) => one.p50Ms)), p99Ms: median(loads.map((one) => one.p99Ms)) },
    floorPerSecond: median(floors),
    ratio: perSecond / median(floors),
  };
}
