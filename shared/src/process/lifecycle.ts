import { setTimeout as pause } from 'node:timers/promises';
import { StartRefused } from '../kernel/start-refused.ts';

export interface Lifecycle {
  /**
   * Opens everything. What it defers is closed in reverse order, also where the start itself fails.
   * Resolves to a promise that settles when the process cannot go on.
   */
  readonly start: (resources: AsyncDisposableStack) => Promise<{ failed?: Promise<Error> }>;
  /** From the signal to the end. Whoever sent the signal usually waits ten seconds before a kill. */
  readonly closeTimeoutMs: number;
  /** Says a line to whoever watches the process. */
  readonly say: (line: string) => void;
}

/**
 * The life of a process: open, serve until a signal or a failure, close in bounded time. Ends with code 0 after a
 * signal and 1 after a failure. A second signal ends it at once.
 */
export async function runProcess({ start, closeTimeoutMs, say }: Lifecycle): Promise<void> {
  const resources = new AsyncDisposableStack();
  const signal = onSignal(closeTimeoutMs, say);
  let exitCode = 0;
  try {
    const { failed = new Promise<never>(() => {}) } = await start(resources);
    await Promise.race([signal.received, failed.then((error) => Promise.reject(error))]);
  } catch (error) {
    // What a start says that was interrupted is of no interest.
    if (!signal.wasReceived()) {
      exitCode = 1;
      say(sentence(error));
    }
  }
  exitCode = (await close(resources, closeTimeoutMs, say)) ? exitCode : 1;
  process.exit(exitCode);
}

/** Ctrl-C in `npm start` arrives twice: from the terminal, and passed on by npm. */
const sameSignalMs = 1_000;

/** While it is starting, a signal waits for the start to end: half-opened things cannot be closed. */
function onSignal(closeTimeoutMs: number, say: (line: string) => void) {
  const { promise: received, resolve } = Promise.withResolvers<void>();
  let receivedAt: number | undefined;
  const listener = (signal: NodeJS.Signals) => {
    if (receivedAt !== undefined) {
      if (performance.now() - receivedAt > sameSignalMs) process.exit(1);
      return;
    }
    receivedAt = performance.now();
    say(`${signal}: closing. Once more ends it at once.`);
    setTimeout(() => process.exit(1), closeTimeoutMs + 500).unref();
    resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
  return { received, wasReceived: () => receivedAt !== undefined };
}

async function close(
  resources: AsyncDisposableStack,
  timeoutMs: number,
  say: (line: string) => void,
): Promise<boolean> {
  const done = resources.disposeAsync().then(
    () => true,
    (error) => {
      say(`Closing failed: ${sentence(error)}`);
      return false;
    },
  );
  const late = pause(timeoutMs, false);
  return Promise.race([done, late]);
}

export function sentence(error: unknown): string {
  if (error instanceof StartRefused) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
