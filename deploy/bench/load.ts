import { Client } from 'undici';

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Sends requests over a number of connections, each with one request under way at a time, until there are none left.
 * @throws where an answer is not a 2xx: a figure of refusals would mean nothing.
 */
export async function load(url: string, connections: number, requests: readonly Request[]): Promise<Load> {
  const took: number[] = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new Client(url);
      try {
        for (let request = requests[next++]; request; request = requests[next++]) {
          const begun = performance.now();
          const { statusCode, body } = await client.request({ ...request, headers: { ...request.headers } });
          const text = await body.text();
          if (statusCode >= 300) throw new Error(`${request.method} ${request.path}: ${statusCode} ${text}`);
          took.push(performance.now() - begun);
        }
      } finally {
        await client.close();
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  took.sort((a, b) => a - b);
  return {
    requests: requests.length,
    perSecond: requests.length / seconds,
    p50Ms: took[Math.floor(took.length * 0.5)] ?? Number.NaN,
    p99Ms: took[Math.floor(took.length * 0.99)] ?? Number.NaN,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
