import type { Bus } from '@agentcal/shared/bus/port';
import type { EventStore } from '@agentcal/shared/event-store/port';
import { createCatalogue } from '@agentcal/shared/kernel/catalogue';
import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { fakeClock } from '@agentcal/shared/testing/clock';
import fc from 'fast-check';
import t from 'tap';
import { CommandReserved, SnapshotTaken } from './events.ts';
import { createExecutor } from './executor.ts';
import { createFaultyStore, type Fault } from './faulty-store.ts';
import { retentionMs } from './recent-commands.ts';
import { context, row, SeatTaken, take } from './samples.ts';

const now = Date.parse('2030-05-01T10:00:00Z');
const catalogue = createCatalogue([SeatTaken, CommandReserved, SnapshotTaken]);
/** Snapshots as often as can be, over the same bad line. */
const seats = { ...row, snapshots: { version: 1, everyEvents: 1 } };

/** Few keys, seats and rows, so that most requests meet another. */
const request = fc.record({
  process: fc.nat(2),
  row: fc.constantFrom('1', '2'),
  key: fc.option(fc.constantFrom('k1', 'k2', 'k3'), { nil: undefined, freq: 4 }),
  seats: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  by: fc.constantFrom('ann', 'bob'),
  /** So old that memory has forgotten it at once. */
  forgotten: fc.boolean(),
  /** Somebody reads the same row in the same process meanwhile. */
  watched: fc.boolean(),
});
type Request = typeof request extends fc.Arbitrary<infer R> ? R : never;

type Outcome =
  | { readonly request: Request; readonly seats: readonly string[]; readonly eventIds: readonly string[] }
  | { readonly request: Request; readonly refused: Refusal };

t.test('whatever the line does, no command is lost, doubled or half done', async (t) => {
  const run = fc.asyncProperty(
    fc.scheduler(),
    fc.array(request, { minLength: 2, maxLength: 8 }),
    fc.infiniteStream(fc.constantFrom<Fault>('none', 'none', 'none', 'not sent', 'answer lost', 'late')),
    fc.boolean(),
    fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
    async (scheduler, requests, faults, unique, draws) => {
      const turn = (what: string) => scheduler.schedule(Promise.resolve(), what);
      const store = createFaultyStore(turn, () => faults.next().value, unique);
      const timing = { sleep: () => turn('pause'), random: () => draws.next().value };
      const executors = [0, 1, 2].map(() => {
        return createExecutor({ store, bus: badBus(turn), clock: fakeClock(now), catalogue, timing });
      });
      const outcomes = requests.map(async (asked): Promise<Outcome> => {
        await turn('request');
        const { process, row: id, key, seats: wanted, by, forgotten, watched } = asked;
        if (watched) void executors[process]!.load(seats, id, { fresh: true });
        const told = context(key, { fingerprint: fingerprintOf(asked), at: forgotten ? now - retentionMs : now });
        try {
          const { events } = await executors[process]!.execute(seats, id, take(by, ...wanted), told);
          return {
            request: asked,
            seats: events.map(({ data }) => data.seat),
            eventIds: events.map((event) => event.id),
          };
        } catch (error) {
          if (error instanceof Refusal) return { request: asked, refused: error };
          throw error;
        }
      });
      await scheduler.waitFor(Promise.all(outcomes));
      await scheduler.waitAll();
      judge(await logOf(store), await Promise.all(outcomes));
    },
  );
  await t.resolves(fc.assert(run, { numRuns: 250, seed: 1 }));
});

/** What every history must satisfy, whoever was told what. */
function judge(log: readonly RecordedEvent[], outcomes: readonly Outcome[]): void {
  const taken = log.filter(({ type }) => type === SeatTaken.type);
  const places = taken.map(({ streamId, data }) => `${streamId} ${(data as { seat: string }).seat}`);
  if (new Set(places).size < places.length) throw new Error('a seat was taken twice');
  if (new Set(taken.map(({ id }) => id)).size < taken.length) throw new Error('a command is in the log twice');
  const byCommand = Map.groupBy(taken, ({ metadata }) => metadata.command_id);
  for (const events of byCommand.values()) {
    const kinds = new Set(events.map(({ streamId, metadata }) => `${streamId} ${metadata.fingerprint}`));
    if (kinds.size > 1) throw new Error('one key became two commands');
    const [first] = events;
    if (events.some(({ revision }, n) => revision !== first!.revision + n)) throw new Error('a command was torn apart');
  }
  for (const outcome of outcomes) {
    if ('refused' in outcome) mayBeRefused(outcome.request, outcome.refused, taken);
    else if (outcome.eventIds.some((id) => !taken.some((event) => event.id === id))) throw new Error('an answer lied');
    else if (!outcome.request.seats.every((seat) => holds(taken, outcome.request, seat)))
      throw new Error('a seat was lost');
  }
}

function holds(taken: readonly RecordedEvent[], { row: id, by }: Request, seat: string): boolean {
  return taken.some(({ streamId, data }) => {
    const event = data as { seat: string; by: string };
    return streamId === `row-${id}` && event.seat === seat && event.by === by;
  });
}

function mayBeRefused(request: Request, { code }: Refusal, taken: readonly RecordedEvent[]): void {
  if (code === 'unavailable') return;
  const fingerprint = fingerprintOf(request);
  const sameKey = taken.filter(({ metadata }) => metadata.command_id === context(request.key).commandId);
  if (code === 'slot_taken') {
    const rival = taken.some(({ streamId, data }) => {
      const { seat, by } = data as { seat: string; by: string };
      return streamId === `row-${request.row}` && request.seats.includes(seat) && by !== request.by;
    });
    if (!rival) throw new Error('refused for a seat that nobody took');
    return;
  }
  if (code === 'idempotency_key_reused') {
    if (sameKey.some(({ metadata }) => metadata.fingerprint === fingerprint)) throw new Error('a repeat was refused');
    return;
  }
  throw new Error(`refused for no reason: ${code}`);
}

function fingerprintOf({ row: id, seats, by }: Request): string {
  return `${id} ${seats.join()} ${by}`;
}

async function logOf(store: EventStore): Promise<readonly RecordedEvent[]> {
  return (await store.readAll({ after: 0n, maxCount: 10_000 })).events;
}

/** Tells everybody, late. Each process has its own, so it hears of nothing but itself. */
function badBus(turn: (what: string) => Promise<void>): Bus {
  const listeners = new Set<(message: never) => void>();
  return {
    publish: (_topic, message) => {
      void turn('bus').then(() => {
        for (const listener of listeners) listener(message as never);
      });
    },
    subscribe: (_topic, listener) => {
      listeners.add(listener as never);
      return () => listeners.delete(listener as never);
    },
    close: async () => {},
  };
}
