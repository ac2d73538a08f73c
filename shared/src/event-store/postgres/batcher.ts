import { type Appended, StoreUnavailable } from '../port.ts';
import type { Append } from './append.ts';

/** What the batcher asks of the database. Both answer an error for an append that was judged and refused. */
export interface Appender {
  together(appends: readonly Append[]): Promise<(Appended | Error)[]>;
  alone(append: Append): Promise<Appended | Error>;
}

interface Waiting {
  readonly append: Append;
  readonly resolve: (answer: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/** A transaction costs a flush to disk however much it holds: so many appends share one. */
const maxAppends = 64;
const maxBytes = 1_000_000;
/** Transactions at once. One is being flushed while the next is judged; more would wait for each other's rows. */
const maxTransactions = 2;
/** So many leave without waiting for more: the database works on them while the next are judged. */
const enough = 8;

/**
 * Gathers appends that arrive together, or while earlier ones are being written, into one transaction.
 * Each gets a verdict of its own; where a transaction fails as a whole its members are tried one by one.
 */
export function createBatcher(appender: Appender) {
  const queue: Waiting[] = [];
  const writing = new Set<Promise<void>>();
  let scheduled = false;

  function schedule(): void {
    if (scheduled || queue.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      while (queue.length > 0 && writing.size < maxTransactions) start(takeBatch(queue));
    });
  }

  function start(batch: readonly Waiting[]): void {
    const done: Promise<void> = write(appender, batch).finally(() => {
      writing.delete(done);
      schedule();
    });
    writing.add(done);
  }

  return {
    add(append: Append): Promise<Appended> {
      const { promise, resolve, reject } = Promise.withResolvers<Appended>();
      queue.push({ append, resolve, reject });
      if (queue.length >= enough && writing.size < maxTransactions) start(takeBatch(queue));
      else schedule();
      return promise;
    },
    /** Resolves when nothing waits and nothing is being written. */
    async drained(): Promise<void> {
      while (queue.length > 0 || writing.size > 0) {
        await (writing.size > 0 ? Promise.race(writing) : new Promise((resolve) => setImmediate(resolve)));
      }
    },
  };
}

/** The longest start of the queue that fits into one transaction; one append always does. */
function takeBatch(queue: Waiting[]): Waiting[] {
  let bytes = 0;
  const end = queue.findIndex(({ append }, index) => {
    bytes += append.bytes;
    return index > 0 && (index === maxAppends || bytes > maxBytes);
  });
  return queue.splice(0, end === -1 ? queue.length : end);
}

async function write(appender: Appender, batch: readonly Waiting[]): Promise<void> {
  if (batch.length === 1) return settleAlone(appender, batch[0]!);
  // Sorted, so that no two transactions wait for each other; stably, so that one stream's appends keep their order.
  const sorted = batch.toSorted((a, b) => compare(a.append.streamId, b.append.streamId));
  try {
    const answers = await appender.together(sorted.map(({ append }) => append));
    for (const [index, waiting] of sorted.entries()) settle(waiting, answers[index]!);
  } catch (error) {
    // Without a server there is nothing to try; callers do, with the same event ids.
    if (error instanceof StoreUnavailable) for (const { reject } of sorted) reject(error);
    else for (const waiting of sorted) await settleAlone(appender, waiting);
  }
}

async function settleAlone(appender: Appender, waiting: Waiting): Promise<void> {
  await appender.alone(waiting.append).then((answer) => settle(waiting, answer), waiting.reject);
}

function settle({ resolve, reject }: Waiting, answer: Appended | Error): void {
  if (answer instanceof Error) reject(answer);
  else resolve(answer);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
