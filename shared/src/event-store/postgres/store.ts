import type pg from 'pg';
import type { Bus } from '../../bus/port.ts';
import type { NewEvent } from '../../kernel/event.ts';
import { createDoorbell, type Doorbell, followByReading } from '../follow.ts';
import {
  type Appended,
  type EventStore,
  type ExpectedRevision,
  type ReadAllOptions,
  StoreUnavailable,
  WrongExpectedRevision,
} from '../port.ts';
import { appendAlone, appendTogether, toAppend } from './append.ts';
import { createBatcher } from './batcher.ts';
import { createHorizon } from './horizon.ts';
import { readAll } from './log.ts';
import { query } from './query.ts';
import { createSchema } from './schema.ts';
import { readStream } from './stream.ts';
import { createTail } from './tail.ts';

export interface PostgresEventStoreOptions {
  /** Stays the caller's: closing the store leaves it open. */
  readonly pool: pg.Pool;
  /** Tells followers that another process has appended. Without it they find out by polling. */
  readonly wake?: Bus;
  /** How long followers sleep at most. */
  readonly pollMs?: number;
  /** How long after one look at the log they take the next: what is appended meanwhile is read together. */
  readonly gatherMs?: number;
}

/** The log in schema `log` of a Postgres database, created on first use. */
export async function createPostgresEventStore({
  pool,
  wake,
  pollMs = 250,
  gatherMs = 30,
}: PostgresEventStoreOptions): Promise<EventStore> {
  await createSchema(pool);
  const doorbell = createDoorbell();
  const closing = new AbortController();
  const horizon = createHorizon(pool);
  const batcher = createBatcher({
    together: (appends) => appendTogether(pool, appends),
    alone: (append) => appendAlone(pool, append),
  });
  pool.on('error', ignoreIdleDeath);
  const unsubscribe = wake?.subscribe('log.appended', () => doorbell.ring());

  async function append(streamId: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    if (closing.signal.aborted) throw new StoreUnavailable('the event store is closed');
    if (events.length === 0) return appendNothing(pool, streamId, expected);
    const appended = await batcher.add(toAppend(streamId, expected, events));
    doorbell.ring();
    return appended;
  }

  const read = (options: ReadAllOptions) => readAll(pool, horizon, options);
  const following = { doorbell, readAll: createTail({ readAll: read, gatherMs }) };
  const poll = createPoll(doorbell, pollMs);
  return {
    uniqueEventIds: true,
    append,
    readStream: (streamId, options) => readStream(pool, streamId, options),
    readAll: read,
    async *follow(options) {
      using _ = poll();
      yield* followByReading(following, { ...options, signal: AbortSignal.any([options.signal, closing.signal]) });
    },
    async ping() {
      await query(pool, 'select from log.streams limit 0', []);
    },
    async close() {
      closing.abort();
      unsubscribe?.();
      await batcher.drained();
      pool.off('error', ignoreIdleDeath);
    },
  };
}

/** Rings as long as anybody follows, for appends that nobody told of. All wake at once, and share one look. */
function createPoll(doorbell: Doorbell, pollMs: number): () => Disposable {
  let followers = 0;
  let timer: NodeJS.Timeout | undefined;
  return () => {
    followers += 1;
    timer ??= setInterval(() => doorbell.ring(), pollMs);
    return {
      [Symbol.dispose]() {
        followers -= 1;
        if (followers > 0) return;
        clearInterval(timer);
        timer = undefined;
      },
    };
  };
}

/** Judges the expectation, as every append does, and writes nothing. */
async function appendNothing(pool: pg.Pool, streamId: string, expected: ExpectedRevision): Promise<Appended> {
  for await (const { revision, position } of readStream(pool, streamId, { direction: 'backwards', maxCount: 1 })) {
    if (expected === 'any' || expected === revision) return { revision, position };
    throw new WrongExpectedRevision(streamId, expected);
  }
  if (typeof expected === 'number') throw new WrongExpectedRevision(streamId, expected);
  return { revision: -1, position: 0n };
}

/** Without a listener a connection that dies in the pool ends the process. The next statement takes another. */
function ignoreIdleDeath(): void {}
