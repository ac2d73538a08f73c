import { createDoorbell, type Doorbell, followByReading } from '@agentcal/shared/event-store/follow';
import { withoutUniqueIds } from '@agentcal/shared/event-store/local-ids';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import {
  type Appended,
  type EventStore,
  type ExpectedRevision,
  type LogBatch,
  type ReadAllOptions,
  StoreUnavailable,
} from '@agentcal/shared/event-store/port';
import type { NewEvent, RecordedEvent } from '@agentcal/shared/kernel/event';
import type { Life } from '../world/life.ts';
import { ask, type Line, type World } from '../world/line.ts';

/** How long a reader waits at most for a ring that never came. */
const pollMs = 10_000;

/**
 * The log that all processes share, reached over bad lines: an append may be lost on its way there or back, or come
 * late; readers of the whole log see an event later than it was written, and never pass it meanwhile.
 */
export class SharedLog {
  readonly #world: World;
  readonly #store: EventStore;
  readonly #hidden = new Set<bigint>();
  readonly #passesGaps: boolean;
  readonly #doorbells = new Map<Life, Doorbell>();

  /**
   * @param unique whether an event id can stand only once in the whole log, as in Postgres and not in EventStoreDB
   * @param passesGaps whether readers go on behind an event that is not visible yet, as none may
   */
  constructor(world: World, { unique, passesGaps }: { readonly unique: boolean; readonly passesGaps: boolean }) {
    this.#passesGaps = passesGaps;
    this.#world = world;
    const memory = createMemoryEventStore({ clock: { now: () => world.scheduler.now } });
    this.#store = unique ? memory : withoutUniqueIds(memory);
  }

  /** All that is in it, for the checker. */
  async everything(): Promise<readonly RecordedEvent[]> {
    return (await this.#store.readAll({ after: 0n, maxCount: Number.POSITIVE_INFINITY })).events;
  }

  connect(life: Life): EventStore {
    const line: Line = { ...this.#world, life };
    const { faults, random } = line;
    const doorbell = createDoorbell();
    this.#doorbells.set(life, doorbell);
    life.onEnd(() => this.#doorbells.delete(life));
    const read = <T>(effect: () => Promise<T>): Promise<T> => {
      const fails = faults.strikes(random, 'readFails');
      return ask(line, () => (fails ? unavailable('a read failed') : effect()));
    };
    const readAll = (options: ReadAllOptions) => read(() => this.#readVisible(options));
    const store = this.#store;
    return {
      uniqueEventIds: store.uniqueEventIds,
      append: (...args) => this.#append(line, ...args),
      readAll,
      async *readStream(...args) {
        yield* await read(() => Array.fromAsync(store.readStream(...args)));
      },
      follow: (options) => followByReading({ readAll, doorbell, pollMs, timing: life.timing }, options),
      ping: async () => {},
      close: async () => {},
    };
  }

  #append(line: Line, stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const { faults, random, scheduler, life } = line;
    const write = () => this.#write(life, stream, expected, events);
    if (faults.strikes(random, 'appendUnsent')) return ask(line, () => unavailable('an append was not sent'));
    if (faults.strikes(random, 'appendLate')) {
      scheduler.after(random.between(20, 8_000), () => void write().catch(() => {}));
      return ask(line, () => unavailable('an append is late'));
    }
    const lost = faults.strikes(random, 'appendLost');
    return ask(line, async () => {
      const appended = await write().catch((error) => (lost ? undefined : Promise.reject(error)));
      return lost || !appended ? unavailable('the answer to an append was lost') : appended;
    });
  }

  async #write(life: Life, stream: string, expected: ExpectedRevision, events: readonly NewEvent[]) {
    const { scheduler, faults, random } = this.#world;
    const appended = await this.#store.append(stream, expected, events);
    if (appended.repeated) return appended;
    scheduler.note(life.name, `${stream} ${appended.revision}: ${events.map(({ type }) => type).join(', ')}`);
    if (faults.strikes(random, 'hidden')) this.#hide(appended.position, events.length);
    this.#ring();
    return appended;
  }

  #hide(last: bigint, count: number): void {
    const { scheduler, random } = this.#world;
    const positions = Array.from({ length: count }, (_, index) => last - BigInt(index));
    for (const position of positions) this.#hidden.add(position);
    scheduler.after(random.between(20, 3_000), () => {
      for (const position of positions) this.#hidden.delete(position);
      this.#ring();
    });
  }

  #ring(): void {
    const { faults, random } = this.#world;
    for (const [life, doorbell] of this.#doorbells) {
      if (!faults.strikes(random, 'ringLost')) life.after(faults.latencyMs(random), () => doorbell.ring());
    }
  }

  /** Up to the first event that is hidden: what stands behind it is not told yet. */
  async #readVisible(options: ReadAllOptions): Promise<LogBatch> {
    const batch = await this.#store.readAll(options);
    const first = [...this.#hidden].reduce<bigint | undefined>(
      (least, position) => (least === undefined || position < least ? position : least),
      undefined,
    );
    if (first === undefined || batch.position < first) return batch;
    if (this.#passesGaps) {
      return { ...batch, events: batch.events.filter(({ position }) => !this.#hidden.has(position)) };
    }
    const events = batch.events.filter(({ position }) => position < first);
    const position = first - 1n > options.after ? first - 1n : options.after;
    return { events, position, caughtUp: true };
  }
}

function unavailable(why: string): never {
  throw new StoreUnavailable(why);
}
