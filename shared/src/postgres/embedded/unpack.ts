import { chmod, cp, lstat, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/**
 * npm packages hold no symbolic links, so the package makes its libraries' links in an install script. Where
 * scripts are off (`npm ci --ignore-scripts`) we make them.
 */
export async function linkLibraries(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    await symlink(relative(dirname(link), join(dirname(native), source)), link).catch(ignoreExisting);
  }
}

/**
 * As root, with the repository below a private home directory, nobody cannot reach the binaries: they are
 * copied once to a place of root's that everyone can read.
 */
export async function readableCopy(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const root = await sharedPlace();
  const copy = join(root, `postgres-${version}`);
  if (await exists(copy)) return copy;
  // Copied beside and renamed, so that a half copy is never run and two starts at once do no harm.
  const half = await mkdtemp(join(root, 'copying-'));
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  await chmod(half, 0o755);
  await rename(half, copy).catch(async (error) => {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(copy))) throw error;
  });
  return copy;
}

/** A folder that only root can write. One that another user has prepared in the temporary folder is never used. */
async function sharedPlace(): Promise<string> {
  for (const parent of ['/var/cache', '/var/lib', tmpdir()]) {
    const folder = join(parent, 'agentcal');
    try {
      await mkdir(folder, { mode: 0o755 }).catch(ignoreExisting);
      const found = await lstat(folder);
      if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) {
        await chmod(folder, 0o755);
        return folder;
      }
    } catch {
      // Read-only or absent: the next one.
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'agentcal-'));
  await chmod(folder, 0o755);
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
