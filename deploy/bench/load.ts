import { Client } from 'undici';
import { type Product, processorMicros } from './products.ts';

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of one answer. */
  readonly bytes: number;
  /** What a request cost the process that answered, in µs of processor time. */
  readonly processorMicros: number;
}

/**
 * Sends requests over a number of connections, each with one request under way at a time, until there are none left.
 * @throws where an answer is not a 2xx: a figure of refusals would mean nothing.
 */
export async function load(
  { url, pid }: Pick<Product, 'url' | 'pid'>,
  connections: number,
  requests: readonly Request[],
): Promise<Load> {
  const tookMs: number[] = [];
  let next = 0;
  let bytes = 0;
  const used = await processorMicros(pid);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new Client(url);
      try {
        for (let request = requests[next++]; request; request = requests[next++]) {
          const begun = performance.now();
          bytes = (await ask(client, request)).byteLength;
          tookMs.push(performance.now() - begun);
        }
      } finally {
        await client.close();
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  return {
    perSecond: requests.length / seconds,
    ...percentiles(tookMs),
    bytes,
    processorMicros: ((await processorMicros(pid)) - used) / requests.length,
  };
}

/** The body of a 2xx. */
export async function ask(client: Client, { method, path, headers, body: sent }: Request): Promise<ArrayBuffer> {
  const { statusCode, body } = await client.request({
    method,
    path,
    headers: { ...headers },
    ...(sent !== undefined && { body: sent }),
  });
  const answered = await body.arrayBuffer();
  if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${Buffer.from(answered)}`);
  return answered;
}

export function percentiles(tookMs: readonly number[]): { readonly p50Ms: number; readonly p99Ms: number } {
  const sorted = [...tookMs].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

export function median(values: readonly number[]): number {
  return percentiles(values).p50Ms;
}

/** Rounds in which a thing and its floor take turns, so that whatever else the machine does meets both. */
export async function inTurns<A, B>(
  rounds: number,
  one: () => Promise<A>,
  other: () => Promise<B>,
): Promise<{ readonly one: A[]; readonly other: B[] }> {
  const results = { one: [] as A[], other: [] as B[] };
  for (let round = 0; round < rounds; round++) {
    results.other.push(await other());
    results.one.push(await one());
  }
  return results;
}

/** How long each of so many took, one after the other. */
export function timed(times: number, work: () => Promise<void>): () => Promise<number[]> {
  return async () => {
    const tookMs: number[] = [];
    for (let i = 0; i < times; i++) {
      const begun = performance.now();
      await work();
      tookMs.push(performance.now() - begun);
    }
    return tookMs;
  };
}
