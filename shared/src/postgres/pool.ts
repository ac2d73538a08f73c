import pg from 'pg';

export interface PoolOptions {
  /** Connections at most. A write holds one for about a millisecond, so few serve many. */
  readonly max?: number;
  /** Shown in `pg_stat_activity`. */
  readonly name?: string;
  /** Told, once for each connection that breaks, idle or in use. Whoever waits for its statement hears of it as well. */
  readonly onLost?: (error: Error) => void;
}

/** How long a caller waits for a connection before the database counts as unavailable. */
const connectTimeoutMs = 5_000;

/** Opens connections as they are needed; none yet when it is answered. `pool.end()` closes them. */
export function createPool(url: string, { max = 16, name = 'agentcal', onLost = () => {} }: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  });
  // Of connections that are being closed nobody needs to hear that the server closed them first.
  const tell = (error: Error) => pool.ending || onLost(error);
  // Without listeners, a connection that breaks ends the process: in the pool, and in the middle of a transaction,
  // where the pool listens no longer. It may say so twice. The next statement takes another connection.
  pool.on('connect', (client) => client.once('error', tell).on('error', () => {}));
  pool.on('error', () => {});
  return pool;
}

/** What the log says of them. */
export function warnOfLost(log: { warn(fields: object, message: string): void }): (error: Error) => void {
  return (err) => log.warn({ err }, 'a connection to Postgres is lost; the next statement takes another');
}
