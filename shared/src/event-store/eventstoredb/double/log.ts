import { appendFileSync, closeSync, existsSync, openSync, readFileSync, truncateSync } from 'node:fs';

/** An event as it stands in the double's log. */
export interface Stored {
  readonly streamId: string;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Buffer;
  readonly metadata: Buffer;
  readonly revision: number;
  readonly position: bigint;
  readonly createdMs: number;
}

export type Proposed = Pick<Stored, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

export type Expected = 'any' | 'no_stream' | 'stream_exists' | number;

export type Verdict =
  | { readonly accepted: true; readonly last: Stored }
  | { readonly accepted: false; readonly currentRevision: number | undefined };

export type Log = ReturnType<typeof openLog>;

/**
 * The double's memory, with a file behind it: one line an append, so that an append is there whole or
 * not at all. It outlives the process, not the machine: nothing is synced to the disk.
 */
export function openLog(file: string) {
  const all: Stored[] = [];
  const streams = new Map<string, Stored[]>();
  /** Like the server's cache of committed ids: it forgets at a restart, and `any` trusts nothing else. */
  const recentIds = new Map<string, Stored>();
  const waiting = new Set<() => void>();
  let nextPosition = 64n;

  for (const line of wholeLines(file)) place(JSON.parse(line, reviveBytes));
  const descriptor = openSync(file, 'a');

  /** Gives events their places. Positions are offsets in an imagined file, so they have holes. */
  function place({ streamId, createdMs, events }: Entry): Stored {
    const stream = streams.get(streamId) ?? [];
    streams.set(streamId, stream);
    for (const event of events) {
      const stored = { ...event, streamId, createdMs, revision: stream.length, position: nextPosition };
      nextPosition += BigInt(64 + event.data.length + event.metadata.length);
      stream.push(stored);
      all.push(stored);
    }
    return stream.at(-1)!;
  }

  function findRepeat(streamId: string, expected: Expected, events: readonly Proposed[]): Stored | undefined {
    if (expected === 'stream_exists') return undefined;
    const stream = streams.get(streamId) ?? [];
    const known = expected === 'any' ? recentIds.get(`${streamId} ${events[0]!.id}`)?.revision : undefined;
    const first = typeof expected === 'number' ? expected + 1 : expected === 'no_stream' ? 0 : known;
    if (first === undefined) return undefined;
    return events.every(({ id }, index) => stream[first + index]?.id === id)
      ? stream[first + events.length - 1]
      : undefined;
  }

  function isAsExpected(streamId: string, expected: Expected): boolean {
    const length = streams.get(streamId)?.length ?? 0;
    if (expected === 'stream_exists') return length > 0;
    return expected === 'any' || length === (expected === 'no_stream' ? 0 : expected + 1);
  }

  return {
    all: all as readonly Stored[],
    stream: (streamId: string): readonly Stored[] | undefined => streams.get(streamId),

    /** @param forgetful whether to judge as a server whose own idempotence does not cover the append */
    append(streamId: string, expected: Expected, events: readonly Proposed[], forgetful: boolean): Verdict {
      const repeated = forgetful ? undefined : findRepeat(streamId, expected, events);
      if (repeated) return { accepted: true, last: repeated };
      if (!isAsExpected(streamId, expected)) {
        return { accepted: false, currentRevision: streams.get(streamId)?.at(-1)?.revision };
      }
      const entry: Entry = { streamId, createdMs: Date.now(), events };
      appendFileSync(descriptor, `${JSON.stringify(entry, base64Bytes)}\n`);
      const last = place(entry);
      for (const event of streams.get(streamId)!.slice(-events.length)) recentIds.set(`${streamId} ${event.id}`, event);
      for (const wake of waiting) wake();
      return { accepted: true, last };
    },

    /** Resolves at the next append, or when the reader goes away. */
    grown(signal: AbortSignal): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      return promise.finally(() => waiting.delete(resolve));
    },

    close: () => closeSync(descriptor),
  };
}

interface Entry {
  readonly streamId: string;
  readonly createdMs: number;
  readonly events: readonly Proposed[];
}

/** What was written whole. The torn line of a process that was killed while it wrote is cut off. */
function wholeLines(file: string): string[] {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf('\n') + 1;
  truncateSync(file, end);
  return bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
}

function base64Bytes(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const raw = this[key];
  return Buffer.isBuffer(raw) ? raw.toString('base64') : value;
}

function reviveBytes(key: string, value: unknown): unknown {
  return key === 'data' || key === 'metadata' ? Buffer.from(String(value), 'base64') : value;
}
