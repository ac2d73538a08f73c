import { access, chown, constants, lchown, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PostgresRefused } from './refused.ts';

/** Who the server runs as. Empty: as whoever we are. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** `nobody` on every Unix we know; a number works where no such user is written down. */
const nobody = 65534;

/**
 * Postgres refuses to run as root, so root runs it as whoever owns the folder, and as nobody where that is root
 * too. So a folder that a user has made still works after one start as root.
 */
export async function runsAs(dataDir: string): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  const found = await stat(dataDir).catch(() => undefined);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : { uid: nobody, gid: nobody };
}

/** Makes a folder that only the server can read. One that root has brought back from a backup is handed over whole. */
export async function createFolder(path: string, { uid, gid }: Identity): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (uid !== undefined && gid !== undefined && (await stat(path)).uid !== uid) await handOver(path, uid, gid);
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new PostgresRefused(
      `The data folder ${path} cannot be written (${(error as NodeJS.ErrnoException).code}). ` +
        'Make it writable, or set AGENTCAL_DATA_DIR to a folder that is.',
    );
  }
}

/** The folder itself comes last: a hand-over that was interrupted is done again. */
async function handOver(path: string, uid: number, gid: number): Promise<void> {
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), uid, gid);
  }
  await chown(path, uid, gid);
}

/** Our own variables (PGPORT, PGDATA, …) must not steer the server; its words should be English and in UTC. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, SystemRoot } = process.env;
  return {
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(PATH && { PATH }),
    ...(TMPDIR && { TMPDIR }),
    ...(SystemRoot && { SystemRoot }),
  };
}
