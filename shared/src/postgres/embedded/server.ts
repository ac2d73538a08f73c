import { type AddressInfo, createServer } from 'node:net';
import { findBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { connectionUrl } from './connection.ts';
import { openFolder } from './folder.ts';
import { createFolder, type Identity, runsAs } from './identity.ts';
import { clearLeftover } from './leftover.ts';
import { PostgresRefused } from './refused.ts';
import { type PostgresProcess, spawnPostgres } from './spawn.ts';
import { becomeSupervisor } from './supervisor.ts';

export interface EmbeddedPostgres {
  /** Of a superuser of this server, on the loopback address. The port differs from start to start. */
  readonly url: string;
  /** Resolves when the server ended although nobody asked it to. The folder is free then. */
  readonly failed: Promise<Error>;
  /** Ends sessions, flushes and stops; within about three seconds, whatever they are doing. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The server's own folder. Made where it is missing; kept when the server stops. */
  readonly dataDir: string;
  readonly log?: Log;
  /** Server settings, over the defaults. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** What of a logger this needs. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {} };

/**
 * Starts a real Postgres on a folder of our own: the binaries come from npm, or are the system's.
 * Whatever an earlier start left behind, alive or dead, is cleared first. README.md says why it is as it is.
 *
 * @throws {PostgresRefused} with a sentence that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir } = options;
  const identity = await runsAs(dataDir);
  await createFolder(dataDir, identity);
  const release = await becomeSupervisor(dataDir);
  try {
    const { url, process } = await start(options, identity);
    return {
      url,
      failed: process.failed.then((error) => release().then(() => error)),
      stop: () => process.stop().then(release),
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function start({ dataDir, log = silent, settings = {} }: EmbeddedPostgresOptions, identity: Identity) {
  const binaries = await findBinaries(identity, log);
  const folder = await openFolder(dataDir, identity);
  try {
    const durable = settings.fsync !== 'off';
    const password = await ensureCluster({ dataDir, folder, binaries, identity, log, durable });
    await clearLeftover(dataDir, log);
    const { port, process } = await spawnOnFreePort((port) =>
      spawnPostgres({ binaries, folder, identity, log, settings: { ...settings, port } }),
    );
    return { url: connectionUrl(password, port), process };
  } finally {
    await folder.close();
  }
}

/** Between asking for a free port and taking it, another process may take it: then the next one is tried. */
async function spawnOnFreePort(spawn: (port: number) => Promise<PostgresProcess>) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { port, process: await spawn(port) };
    } catch (error) {
      if (attempt === 5 || !(error instanceof PostgresRefused && error.portTaken)) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
