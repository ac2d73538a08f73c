import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamingRead } from '@eventstore/db-client';

/** No sign from the server for too long. Its code makes it an error of the transport (errors.ts). */
class Silence extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}

/** Waits for a promise, but no longer than this. */
export function answerOf<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Silence(timeoutMs)), timeoutMs);
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}

/** What a read of the client emits, to its end, which must come or come nearer all the time. */
export function collect<T>(reading: StreamingRead<T>, timeoutMs: number): Promise<T[]> {
  const { promise, resolve, reject } = Promise.withResolvers<T[]>();
  const items: T[] = [];
  const timer = setTimeout(() => {
    reject(new Silence(timeoutMs));
    reading.cancel().catch(() => {});
  }, timeoutMs);
  reading.on('data', (item: T) => {
    items.push(item);
    timer.refresh();
  });
  reading.on('end', () => resolve(items));
  reading.on('error', reject);
  return promise.finally(() => clearTimeout(timer));
}

const firstPauseMs = 100;
const longestPauseMs = 2_000;

/** The pause before the next attempt after so many failures: doubling, up to two seconds, half of it chance. */
export async function backOff(failures: number, signal: AbortSignal): Promise<void> {
  const pauseMs = Math.min(firstPauseMs * 2 ** failures, longestPauseMs);
  await pause(pauseMs * (0.5 + Math.random() / 2), signal);
}

/** Waits, or until the signal aborts. Never rejects. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** What a promise resolves to, or `undefined` as soon as the signal aborts. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const onAbort = () => resolve(undefined);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
