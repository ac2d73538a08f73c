import pg from 'pg';

export interface PoolOptions {
  /** Connections at most. A write holds one for about a millisecond, so few serve many. */
  readonly max?: number;
  /** Shown in `pg_stat_activity`. */
  readonly name?: string;
}

/** How long a caller waits for a connection before the database counts as unavailable. */
const connectTimeoutMs = 5_000;

/** Opens connections as they are needed; none yet when it is answered. `pool.end()` closes them. */
export function createPool(url: string, { max = 16, name = 'agentcal' }: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => {});
  return pool;
}
