import type { Bus } from '@agentcal/shared/bus/port';
import type { Position } from '@agentcal/shared/kernel/event';
import { type Kysely, sql } from 'kysely';

/**
 * How far the read models are, as seen from any process: told by the bus, and asked of the checkpoints
 * while somebody waits (the bus may lose a message).
 */
export interface Progress {
  /** What is known without asking; `0n` where nothing is. Never more than what is committed. */
  known(projections: readonly string[]): Position;
  /** Waits until all of them have folded everything up to `position`. Answers false where the time ran out first. */
  reached(projections: readonly string[], position: Position, timeoutMs: number): Promise<boolean>;
  close(): void;
}

export interface ProgressOptions {
  // biome-ignore lint/suspicious/noExplicitAny: reads the engine's own table
  readonly db: Kysely<any>;
  readonly bus: Bus;
  readonly pollMs?: number;
}

export function createProgress({ db, bus, pollMs = 100 }: ProgressOptions): Progress {
  const positions = new Map<string, Position>();
  const waiting = new Set<() => void>();

  const advance = (projection: string, position: Position) => {
    if (position <= (positions.get(projection) ?? 0n)) return;
    positions.set(projection, position);
    for (const check of [...waiting]) check();
  };

  const unsubscribe = bus.subscribe('projection.advanced', ({ projection, position }) =>
    advance(projection, BigInt(position)),
  );

  const ask = async () => {
    const { rows } = await sql<{ consumer: string; position: string }>`
      select consumer, position from read.checkpoints where slot = 'live'`.execute(db);
    for (const { consumer, position } of rows) advance(consumer, BigInt(position));
  };

  let asking = false;
  const poll = setInterval(() => {
    if (waiting.size === 0 || asking) return;
    asking = true;
    // A database that does not answer now is asked again; whoever waits runs into their own time limit.
    ask().then(
      () => (asking = false),
      () => (asking = false),
    );
  }, pollMs);
  poll.unref();

  const known = (projections: readonly string[]): Position => {
    const all = projections.map((name) => positions.get(name) ?? 0n);
    return all.toSorted((a, b) => (a < b ? -1 : 1))[0] ?? 0n;
  };

  return {
    known,
    reached: (projections, position, timeoutMs) => {
      if (projections.length === 0 || known(projections) >= position) return Promise.resolve(true);
      return new Promise((resolve) => {
        const settle = (reached: boolean) => {
          clearTimeout(timer);
          waiting.delete(check);
          resolve(reached);
        };
        const check = () => known(projections) >= position && settle(true);
        const timer = setTimeout(() => settle(false), timeoutMs);
        waiting.add(check);
      });
    },
    close: () => {
      clearInterval(poll);
      unsubscribe();
    },
  };
}
