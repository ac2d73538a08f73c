import { open } from 'node:fs/promises';
import type { Identity } from './identity.ts';

/** The server's folder, as the server will see it. */
export interface Folder {
  /** Valid inside a child that was given `stdio`. */
  readonly path: string;
  /** What a child needs besides stdin, stdout and stderr. */
  readonly stdio: readonly number[];
  close(): Promise<void>;
}

/**
 * As root the server runs as nobody, who may not pass through a private home directory (0700) to reach
 * the folder below it. Widening that home's mode would be ours to regret, so on Linux the child inherits the
 * opened folder and reaches it through `/proc/self/fd/3`, which asks no permission of the folders above.
 */
export async function openFolder(dataDir: string, { uid }: Identity): Promise<Folder> {
  if (uid === undefined || process.platform !== 'linux') {
    return { path: dataDir, stdio: [], close: async () => {} };
  }
  const handle = await open(dataDir, 'r');
  return { path: '/proc/self/fd/3', stdio: [handle.fd], close: () => handle.close() };
}
