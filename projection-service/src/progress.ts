import type { Bus } from '@agentcal/shared/bus/port';
import type { Position } from '@agentcal/shared/kernel/event';
import { realTiming, type Timing } from '@agentcal/shared/kernel/timing';
import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Pool } from 'pg';

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

export function createProgress({ db, ...options }: ProgressOptions): Progress {
  return followProgress({
    ...options,
    positions: async () => {
      const { rows } = await sql<{ consumer: string; position: string }>`
        select consumer, position from read.checkpoints where slot = 'live'`.execute(db);
      return rows.map(({ consumer, position }) => [consumer, BigInt(position)]);
    },
  });
}

/** The same, for who has only the database that the read models are in. */
export function openProgress({ pool, bus }: { readonly pool: Pool; readonly bus: Bus }): Progress {
  return createProgress({ db: new Kysely({ dialect: new PostgresDialect({ pool }) }), bus });
}

interface FollowingProgress extends Omit<ProgressOptions, 'db'> {
  /** Asks the checkpoints of all live consumers. */
  readonly positions: () => Promise<readonly (readonly [consumer: string, position: Position])[]>;
  readonly timing?: Timing;
}

/** The same, whatever the checkpoints are kept in. */
export function followProgress({
  positions: askPositions,
  bus,
  pollMs = 100,
  timing = realTiming,
}: FollowingProgress): Progress {
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
    for (const [consumer, position] of await askPositions()) advance(consumer, position);
  };

  let callOff = () => {};
  let asking = false;
  /** Asks now, and again and again while anybody waits. A database that does not answer is asked again too. */
  const poll = () => {
    callOff();
    if (waiting.size === 0 || asking) return;
    asking = true;
    const again = () => {
      asking = false;
      if (waiting.size > 0) callOff = timing.after(pollMs, poll);
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
          endLimit();
          waiting.delete(check);
          resolve(reached);
        };
        const check = () => known(projections) >= position && settle(true);
        const endLimit = timing.after(timeoutMs, () => settle(false));
        waiting.add(check);
        poll();
      });
    },
    close: () => {
      callOff();
      unsubscribe();
    },
  };
}
