import { pause, realTiming } from '@agentcal/shared/kernel/timing';
import pg from 'pg';

/**
 * Session advisory locks of one process, all on one connection of its own. Whoever has a consumer's lock
 * runs it; the lock goes with the connection, so a process that dies or loses it gives way by itself.
 *
 * A lost lock is noticed by the connection's end, or by a heartbeat that is not answered. That can be
 * later than somebody else's taking it over, so the lock alone fences nothing: checkpoints.ts does.
 */
export interface Leadership {
  /** Waits until this process has the lock. Rejects when the signal aborts. */
  lead(name: string, signal: AbortSignal): Promise<Lease>;
  /** The lock at once, or `undefined` where somebody else has it. */
  tryLead(name: string): Promise<Lease | undefined>;
  close(): Promise<void>;
}

export interface Lease {
  /** Aborts when the lock is known to be lost. */
  readonly lost: AbortSignal;
  /** Asks the server. @throws when the lock is lost. */
  verify(): Promise<void>;
  release(): Promise<void>;
}

export interface LeadershipOptions {
  /** How to reach Postgres. No connection is taken out of it. */
  readonly pool: pg.Pool;
  /** How often to try for a lock that somebody else has. */
  readonly retryMs?: number;
  readonly heartbeatMs?: number;
}

export function createLeadership({ pool, retryMs = 500, heartbeatMs = 2_000 }: LeadershipOptions): Leadership {
  let session: Promise<Session> | undefined;
  let closed = false;

  /** The open session, or a new one where there is none or it has ended: one for all who ask at once. */
  const current = async (): Promise<Session> => {
    if (closed) throw new Error('leadership is closed');
    const known = session;
    const open = known && (await known.catch(() => undefined));
    if (open && !open.lost.aborted) return open;
    if (session === known) session = openSession(pool, heartbeatMs);
    return await session!;
  };

  const tryLead = async (name: string): Promise<Lease | undefined> => {
    const { query, lost } = await current();
    const { rows } = await query('select pg_try_advisory_lock(hashtextextended($1, 0)) as locked', [keyOf(name)]);
    if (!rows[0].locked) return undefined;
    return {
      lost,
      verify: async () => {
        lost.throwIfAborted();
        await query('select 1');
      },
      release: async () => {
        if (!lost.aborted)
          await query('select pg_advisory_unlock(hashtextextended($1, 0))', [keyOf(name)]).catch(() => {});
      },
    };
  };

  return {
    tryLead,
    lead: async (name, signal) => {
      for (;;) {
        signal.throwIfAborted();
        const lease = await tryLead(name);
        if (lease) return lease;
        await pause(realTiming, retryMs * (0.5 + Math.random()), signal);
      }
    },
    close: async () => {
      closed = true;
      const open = session && (await session.catch(() => undefined));
      await open?.end();
    },
  };
}

interface Session {
  /** One statement after the other: a connection takes no two at a time. */
  readonly query: (text: string, values?: readonly unknown[]) => Promise<pg.QueryResult>;
  readonly lost: AbortSignal;
  end(): Promise<void>;
}

/** A connection beside the pool, which it would take a place of for good. */
async function openSession(pool: pg.Pool, heartbeatMs: number): Promise<Session> {
  const client = new pg.Client(pool.options);
  const lost = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  const query: Session['query'] = (text, values = []) => {
    const next = last.then(() => client.query(text, [...values]));
    last = next.catch(() => {});
    return next;
  };
  const end = async () => {
    if (lost.signal.aborted) return;
    clearInterval(heartbeat);
    lost.abort(new Error('the connection that holds the locks has ended'));
    await client.end().catch(() => {});
  };
  const beat = async () => {
    const late = setTimeout(end, 2 * heartbeatMs);
    await query('select 1').catch(end);
    clearTimeout(late);
  };
  const heartbeat = setInterval(beat, heartbeatMs);
  heartbeat.unref();
  client.on('error', end);
  client.on('end', end);
  try {
    await client.connect();
    // So that the server, too, forgets a peer that has vanished without a word.
    await query('set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3');
  } catch (error) {
    await end();
    throw error;
  }
  return { query, lost: lost.signal, end };
}

const keyOf = (name: string) => `agentcal:consumer:${name}`;
