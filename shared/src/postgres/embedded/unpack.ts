import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
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
 * copied once to a place that everyone can read and only root can write. `undefined` where there is no such place.
 */
export async function readableCopy(native: string, places = usualPlaces): Promise<string | undefined> {
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const place = await firstSafe(places);
  if (place === undefined) return undefined;
  const copy = join(place, `postgres-${version}`);
  if (await exists(copy)) return copy;
  // Copied beside and renamed, so that a half copy is never run and two starts at once do no harm.
  const half = await mkdtemp(join(place, 'copying-'));
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  await openToReaders(half);
  await rename(half, copy).catch(async (error) => {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(copy))) throw error;
  });
  return copy;
}

const usualPlaces = ['/var/cache', '/var/lib', tmpdir()].map((parent) => join(parent, 'agentcal'));

/** A folder that only we can write. One that another user has prepared in the temporary folder is never used. */
async function firstSafe(places: readonly string[]): Promise<string | undefined> {
  for (const place of places) {
    try {
      await mkdir(place).catch(ignoreExisting);
      const found = await lstat(place);
      if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) {
        await chmod(place, 0o755);
        return place;
      }
    } catch {
      // Read-only or absent: the next one.
    }
  }
  return undefined;
}

/** An install under a strict umask has made files that only their owner can read, and the copy has their modes. */
async function openToReaders(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToReaders(path);
    else if (entry.isFile())
      await chmod(path, (await lstat(path)).mode | (entry.parentPath.endsWith('bin') ? 0o555 : 0o444));
  }
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
