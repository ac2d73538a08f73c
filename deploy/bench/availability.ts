import type { Bench } from './bench.ts';
import { rawInserts } from './floors.ts';
import { type Load, load, type Request } from './load.ts';
import { type Product, startBareRoute } from './products.ts';
import { type Figure, middle, tell } from './report.ts';
import type { World } from './world.ts';

const connections = 16;
const rounds = 5;
const perRound = 2_000;
const claims = 200;

/**
 * Availability requests against a bare Fastify route with one indexed select, and against the same route with an answer of
 * as many bytes. All three are processes of their own, and take turns.
 */
export async function* measureAvailability(bench: Bench): AsyncGenerator<Figure> {
  const world = await bench.world();
  const product = await bench.allInOne();
  await rawInserts(await bench.pool(), 1, 1);
  const floor = await startBareRoute(await bench.environment());
  try {
    const [full] = world.take(1);
    const everyOther = Array.from({ length: claims }, (_, n) => world.booking(full!, n * 2 + 1));
    await load(product, 4, [...everyOther, ...clerkBookings(world)]);
    const questions = questionsOf(world, full!);
    await settle(product, world, questions[0]!.request);
    for (const question of questions) yield await measure(product, floor, question);
  } finally {
    await floor.end();
  }
}

interface Question {
  readonly what: string;
  readonly request: Request;
}

function questionsOf({ clerkId, halfId, quarterId, accountId, headers }: World, full: string): Question[] {
  const of = (asked: Record<string, string>): Request => ({
    method: 'GET',
    path: `/v1/accounts/${accountId}/availability?${new URLSearchParams(asked)}`,
    headers: { authorization: headers.authorization! },
  });
  const half = { user_id: clerkId, event_type_id: halfId };
  const monday = mondayAhead();
  const widest = { user_id: full, event_type_id: quarterId, start_date: day(2), end_date: day(8) };
  return [
    {
      what: 'availability of a day, half an hour, office hours',
      request: of({ ...half, start_date: date(monday), end_date: date(monday) }),
    },
    {
      what: 'availability of a week, half an hour, office hours',
      request: of({ ...half, start_date: date(monday), end_date: date(monday + 6 * dayMs) }),
    },
    {
      what: 'availability of a week, a quarter of an hour, day and night',
      request: of({ ...widest, timezone: 'Europe/Berlin' }),
    },
  ];
}

async function measure(product: Product, floor: Product, { what, request }: Question): Promise<Figure> {
  const ask = (of: Product, one: Request, count = perRound) => load(of, connections, Array(count).fill(one));
  const bare: Request = { method: 'GET', path: '/one' };
  const { bytes } = await ask(product, request, 500);
  const padded: Request = { method: 'GET', path: `/one?bytes=${bytes - (await ask(floor, bare, 500)).bytes}` };
  const [answers, floors, paddedFloors]: [Load[], Load[], Load[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    floors.push(await ask(floor, bare));
    answers.push(await ask(product, request));
    paddedFloors.push(await ask(floor, padded));
  }
  const [value, least, fair] = [middle(answers), middle(floors), middle(paddedFloors)];
  return {
    what: `${what}, ${claims} claims, ${(bytes / 1024).toFixed(1)} KiB`,
    value: tell(value),
    floor:
      `bare Fastify route, one indexed select: ${Math.round(least.perSecond)}/s, ${Math.round(least.processorMicros)} µs; ` +
      `with as many bytes: ${Math.round(fair.perSecond)}/s (ratio ${(value.perSecond / fair.perSecond).toFixed(2)})`,
    ratio: value.perSecond / least.perSecond,
    aim: '≥ 0.5',
  };
}

/** Waits until readers see everything that has been written so far. */
async function settle({ url }: Product, { headers, accountId }: World, { path }: Request): Promise<void> {
  const body = JSON.stringify({ name: 'Later', duration_minutes: 15 });
  const made = await fetch(`${url}/v1/accounts/${accountId}/event-types`, { method: 'POST', headers, body });
  await made.body?.cancel();
  const position = made.headers.get('agentcal-position')!;
  const seen = await fetch(url + path, {
    headers: { authorization: headers.authorization!, 'agentcal-min-position': position },
  });
  await seen.body?.cancel();
  if (!made.ok || !seen.ok) throw new Error(`the read models did not follow: ${made.status}, ${seen.status}`);
}

const dayMs = 86_400_000;
const date = (at: number) => new Date(at).toISOString().slice(0, 10);
const day = (ahead: number) => date(Date.now() + ahead * dayMs);

/** The Monday after next: the whole week is ahead, whatever day it is. */
function mondayAhead(): number {
  const today = Math.floor(Date.now() / dayMs);
  return (today + 14 - ((today + 3) % 7)) * dayMs;
}

/** Five meetings a day, for as many weeks as it takes. */
function clerkBookings(world: World): Request[] {
  const first = mondayAhead();
  return Array.from({ length: claims }, (_, n) => {
    const workday = Math.floor(n / 5);
    const at = first + (Math.floor(workday / 5) * 7 + (workday % 5)) * dayMs + (15 + (n % 5)) * 3_600_000;
    const attendee = { email: `guest-${n}@bench.test`, name: 'Guest' };
    const body = {
      user_id: world.clerkId,
      event_type_id: world.halfId,
      start_time: new Date(at).toISOString(),
      attendee,
    };
    return { ...world.booking(world.clerkId, n), body: JSON.stringify(body) };
  });
}
