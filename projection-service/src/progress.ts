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

  let timer: NodeJS.Timeout | undefined;
  let asking = false;
  /** Asks now, and again and again while anybody waits. A database that does not answer is asked again too. */
  const poll = () => {
    clearTimeout(timer);
    if (waiting.size === 0 || asking) return;
    asking = true;
    const again = () => {
      asking = false;
      if (waiting.size > 0) timer = setTimeout(poll, pollMs);
    };
    ask().then(again, again);
  };

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
          clearTimeout(limit);
          waiting.delete(check);
          resolve(reached);
        };
        const check = () => known(projections) >= position && settle(true);
        const limit = setTimeout(() => settle(false), timeoutMs);
        waiting.add(check);
        poll();
      });
    },
    close: () => {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
