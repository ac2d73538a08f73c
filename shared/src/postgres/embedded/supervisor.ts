import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOf } from './processes.ts';
import { PostgresRefused } from './refused.ts';

/**
 * Makes this process the supervisor of the folder: the one that may start a server on it and stop what it finds
 * there. Written down before anything is started, so that of two that start at once one is refused. Answers how
 * to give it back; a process that is killed gives it back by being dead.
 *
 * @throws {PostgresRefused} a living process has it.
 */
export async function becomeSupervisor(dataDir: string): Promise<() => Promise<void>> {
  const file = join(dataDir, 'supervisor.pid');
  const mine = `${process.pid} ${await startOf(process.pid)}`;
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, mine);
  try {
    while (!(await tryLink(draft, file))) await removeStale(file, dataDir);
  } finally {
    await rm(draft, { force: true });
  }
  let released: Promise<void> | undefined;
  return () => {
    // Once: by the second time it may be another's.
    released ??= rm(file, { force: true });
    return released;
  };
}

/** Links, unlike writes, never replace what is there. */
async function tryLink(draft: string, file: string): Promise<boolean> {
  return link(draft, file).then(
    () => true,
    (error) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

async function removeStale(file: string, dataDir: string): Promise<void> {
  // One that cannot be read was written by root, earlier: it counts as stale, and Postgres itself is the last judge.
  const found = await readFile(file, 'utf8').catch((error) => (error.code === 'ENOENT' ? undefined : ''));
  if (found === undefined) return;
  const [, pid = '', start = ''] = /^(\d+) (.*)$/.exec(found) ?? [];
  if (pid && (await startOf(Number(pid))) === start) {
    throw new PostgresRefused(
      `The data folder ${dataDir} is in use by process ${pid}. Stop that one first, or set AGENTCAL_DATA_DIR to another folder.`,
    );
  }
  // Moved away before it is removed: where another has meanwhile replaced it, what was moved is theirs, and goes back.
  const aside = `${file}.stale.${process.pid}`;
  await rename(file, aside).catch(() => {});
  const moved = await readFile(aside, 'utf8').catch(() => found);
  if (moved !== found) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}
