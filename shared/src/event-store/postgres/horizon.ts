import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Position } from '../../kernel/event.ts';
import { StoreUnavailable } from '../port.ts';
import { query } from './query.ts';

/**
 * How far the log may be read: every position up to the horizon is either visible to any statement that
 * begins from now on, or will never be used. README.md has the proof.
 */
export interface Horizon {
  readonly position: Position;
  /** Moves it to the end of what is visible now, or to the first hole that may still be filled. */
  advance(): Promise<Advanced>;
}

export interface Advanced {
  /** False where something is visible behind a hole. */
  readonly reachedEnd: boolean;
}

interface Glance extends pg.QueryResultRow {
  /** The highest visible position. */
  readonly tip: string;
  /** How many positions after the horizon are visible without a hole. 0 where the tip is far. */
  readonly dense: string;
  /** Transactions that may have drawn a position and not yet shown it. Not looked up where nothing is missing. */
  readonly appending: readonly string[];
}

/**
 * One statement, so that the locks are looked up after its snapshot was taken. Where the end is far, as
 * after a start, nothing is counted: waiting for the appends of the moment is quicker.
 */
const glanceAt = `
  select tip, dense, case when dense = tip - $1::bigint then '{}' else array(
    select virtualtransaction from pg_locks
    where locktype = 'advisory' and classid = 1819240238 and objid = 1 and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())
  ) end as appending
  from (select coalesce(max(position), 0) as tip from log.events) as visible,
  lateral (
    select count(*) filter (where position = $1::bigint + nth) as dense from (
      select position, row_number() over (order by position) as nth
      from log.events where position > $1::bigint and position <= tip and tip <= $1::bigint + 2000
    ) as following
  ) as counted`;

/** Appends take milliseconds and wait at most seconds for a lock. One that takes longer has lost its server. */
const patienceMs = 15_000;

export function createHorizon(pool: pg.Pool): Horizon {
  let horizon = 0n;
  let running: Promise<Advanced> | undefined;
  let following: Promise<Advanced> | undefined;

  async function look(): Promise<Advanced> {
    const deadline = Date.now() + patienceMs;
    let suspects: { tip: Position; appending: ReadonlySet<string> } | undefined;
    for (let waitMs = 1; Date.now() < deadline; waitMs = Math.min(waitMs * 2, 16)) {
      const [glance] = await query<Glance>(pool, glanceAt, [horizon]);
      const tip = BigInt(glance!.tip);
      const dense = BigInt(glance!.dense);
      suspects ??= { tip, appending: new Set(glance!.appending) };
      // What was under way at the first look is over, so what is still missing up to its tip stays missing.
      const settled = glance!.appending.some((one) => suspects!.appending.has(one)) ? 0n : suspects.tip;
      const reached = max(horizon + dense, settled);
      if (reached > horizon || tip <= horizon) {
        horizon = max(horizon, reached);
        return { reachedEnd: horizon >= tip };
      }
      await delay(waitMs);
    }
    throw new StoreUnavailable('an append has been under way for too long');
  }

  return {
    get position() {
      return horizon;
    },
    /** Shared by all who ask at once, but never joined half-way: a look must begin after it was asked for. */
    advance() {
      if (!running) {
        running = look().finally(() => {
          running = undefined;
        });
        return running;
      }
      following ??= running
        .catch(() => undefined)
        .then(() => {
          following = undefined;
          return this.advance();
        });
      return following;
    },
  };
}

function max(a: Position, b: Position): Position {
  return a > b ? a : b;
}
