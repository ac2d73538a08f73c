import type { Bench } from './bench.ts';
import { rawInserts } from './floors.ts';
import { inTurns, load, median, percentiles } from './load.ts';
import { type Product, residentMib } from './products.ts';
import { type Figure, middle, tell } from './report.ts';
import type { World } from './world.ts';

const callers = 16;
const rounds = 5;
const perRound = 2_000;
const hotPerRound = 600;

/**
 * Bookings made, against durable one-row inserts. First by the command path itself, from as many callers as the inserts
 * have connections; then over HTTP, with the write side alone; then with everything in one process, which shows each booking
 * to its readers meanwhile.
 */
export async function* measureBookings(bench: Bench): AsyncGenerator<Figure> {
  const world = await bench.world();
  const pool = await bench.pool();
  const many = spread(world, world.take(64));
  const inserts = (connections: number, rows: number) => () => rawInserts(pool, connections, rows);
  const bookers = await bench.bookers();
  const book = (make: () => object, count: number) => async () => {
    const bookings = Array.from({ length: count }, make);
    const done = await bookers.book({ accountId: world.accountId, callers, bookings });
    return { ...done, ...percentiles(done.tookMs) };
  };
  // A process that has run for a while is what is measured: until then the compiler takes a fifth of its time.
  await book(many.body, perRound * 4)();
  const commands = await inTurns(rounds, book(many.body, perRound * 2), inserts(callers, perRound * 4));
  yield {
    what: `booking commands, ${callers} callers, many calendars`,
    ...beside(commands.one, commands.other, callers),
    aim: '≥ 0.5',
  };
  const [hot] = world.take(1);
  let n = 0;
  const onHot = () => world.body(hot!, n++);
  const hotCommands = await inTurns(rounds, book(onHot, hotPerRound), inserts(1, hotPerRound * 2));
  yield {
    what: `booking commands, ${callers} callers, all on one calendar`,
    ...beside(hotCommands.one, hotCommands.other, 1),
  };

  const overHttp = async (product: Product) => {
    const send = (count: number) => load(product, callers, Array.from({ length: count }, many.request));
    await send(perRound);
    const turns = await inTurns(rounds, () => send(perRound), inserts(callers, perRound * 4));
    return beside(turns.one, turns.other, callers);
  };
  yield {
    what: `bookings over HTTP, ${callers} connections, the write side alone`,
    ...(await overHttp(await bench.commandService())),
  };
  yield {
    what: `bookings over HTTP, ${callers} connections, all in one with its read models`,
    ...(await overHttp(await bench.allInOne())),
  };
  const { pid } = await bench.allInOne();
  yield { what: 'resident memory of all in one after that', value: `${await residentMib(pid)} MiB` };
}

/** Bookings that go round many calendars. */
function spread(world: World, userIds: readonly string[]) {
  let next = 0;
  const place = () => {
    const n = next++;
    return [userIds[n % userIds.length]!, Math.floor(n / userIds.length)] as const;
  };
  return { body: () => world.body(...place()), request: () => world.booking(...place()) };
}

function beside(rounds: readonly Parameters<typeof tell>[0][], floors: readonly number[], connections: number) {
  const floor = median(floors);
  const value = middle(rounds);
  return {
    value: tell(value),
    floor: `durable one-row inserts, ${connections} connection${connections > 1 ? 's' : ''}: ${Math.round(floor)}/s`,
    ratio: value.perSecond / floor,
  };
}
