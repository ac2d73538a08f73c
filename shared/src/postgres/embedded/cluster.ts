import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import type { Folder } from './folder.ts';
import { cleanEnvironment, type Identity } from './identity.ts';

import { PostgresRefused } from './refused.ts';
import type { Log } from './server.ts';

export interface ClusterOptions {
  readonly dataDir: string;
  readonly folder: Folder;
  readonly binaries: Binaries;
  readonly identity: Identity;
  readonly log: Log;
  /** False spares the flush to disk, for a database that need not outlive the machine's power. */
  readonly durable: boolean;
}

/** Makes the database cluster on the first start. Answers its password, which is kept beside it. */
export async function ensureCluster(options: ClusterOptions): Promise<string> {
  const { dataDir, binaries } = options;
  const version = await readFile(join(dataDir, 'cluster', 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) await createCluster(options);
  else if (version.trim() !== binaries.majorVersion) {
    throw new PostgresRefused(
      `The data in ${dataDir} is of Postgres ${version.trim()}, but the binaries here are ${binaries.majorVersion}. ` +
        'Start it with the version that made it, or set AGENTCAL_DATA_DIR to a new folder.',
    );
  }
  // A copy of the folder has other modes, with which the server would refuse to start.
  await chmod(join(dataDir, 'cluster'), 0o700);
  return (await readFile(join(dataDir, 'password'), 'utf8')).trim();
}

/** Made aside and renamed into place, so that an interrupted first start leaves nothing that looks whole. */
async function createCluster({ dataDir, folder, binaries, identity, log, durable }: ClusterOptions): Promise<void> {
  log.info('creating the database');
  const aside = 'cluster.new';
  await rm(join(dataDir, aside), { recursive: true, force: true });
  await writePassword(join(dataDir, 'password'), identity);
  await initdb(binaries, folder, identity, [aside, ...(durable ? [] : ['--no-sync'])]);
  await rename(join(dataDir, aside), join(dataDir, 'cluster'));
}

async function writePassword(path: string, { uid, gid }: Identity): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, randomBytes(24).toString('hex'), { flag: 'wx', mode: 0o600 });
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

async function initdb(
  binaries: Binaries,
  folder: Folder,
  identity: Identity,
  [name, ...extra]: string[],
): Promise<void> {
  const args = [
    ...['-D', `${folder.path}/${name}`, '-U', 'agentcal', '-A', 'scram-sha-256'],
    ...[`--pwfile=${folder.path}/password`, '-E', 'UTF8', '--locale=C', '--no-instructions'],
    ...extra,
  ];
  const child = spawn(join(binaries.folder, 'initdb'), args, {
    ...identity,
    cwd: '/',
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', ...folder.stdio],
  });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0)
    throw new PostgresRefused(`The database could not be created: ${said.trim() || `initdb ended with ${code}`}`);
}
