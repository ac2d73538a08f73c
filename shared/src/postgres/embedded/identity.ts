import { chown, mkdir } from 'node:fs/promises';
import { PostgresRefused } from './refused.ts';

/** Who the server runs as. Empty: as whoever we are. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** `nobody` on every Unix we know; a number works where no such user is written down. */
const nobody = 65534;

/** Postgres refuses to run as root, so root runs it as nobody. */
export function runsAs(): Identity {
  return process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
}

/** Makes a folder that only the server can read, and hands it over. */
export async function createFolder(path: string, { uid, gid }: Identity): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
  } catch (error) {
    throw new PostgresRefused(
      `The data folder ${path} cannot be written (${(error as NodeJS.ErrnoException).code}). ` +
        'Make it writable, or set AGENTCAL_DATA_DIR to a folder that is.',
    );
  }
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
