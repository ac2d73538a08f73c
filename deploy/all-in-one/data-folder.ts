import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StartRefused } from '@agentcal/shared/kernel/start-refused';

/** Makes the folder where it is missing, for its owner alone. Answers where it is. */
export async function openDataFolder(path: string): Promise<string> {
  const dataDir = resolve(path);
  try {
    await makeFolder(dataDir);
    await access(dataDir, constants.W_OK | constants.X_OK);
    return dataDir;
  } catch (error) {
    throw new StartRefused(
      `The data folder ${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code}). ` +
        'Make it writable for this user, or set AGENTCAL_DATA_DIR to a folder that is.',
    );
  }
}

/** With its parents. Node's own way with them does not end where nothing can be made in a parent, as in `/proc`. */
async function makeFolder(path: string): Promise<void> {
  const make = () =>
    mkdir(path, { mode: 0o700 }).catch(async (error) => {
      if (error.code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
    });
  await make().catch(async (error) => {
    if (error.code !== 'ENOENT' || dirname(path) === path) throw error;
    await access(dirname(path)).catch(() => makeFolder(dirname(path)));
    await make();
  });
}

/** The master key of the vault: made once, and kept, for without it nothing sealed can be read again. */
export async function vaultKeyIn(dataDir: string): Promise<Buffer> {
  const { text } = await keptIn(join(dataDir, 'vault.key'), () => randomBytes(32).toString('base64'));
  const key = Buffer.from(text, 'base64');
  if (key.length === 32) return key;
  throw new StartRefused(
    `${join(dataDir, 'vault.key')} does not hold 32 bytes in base64. Bring it back from a backup.`,
  );
}

/** The text of a file; where it is missing, a new text that is kept there, flushed, for its owner alone. */
export async function keptIn(path: string, create: () => string): Promise<{ text: string; created: boolean }> {
  const kept = await readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StartRefused(`${path} cannot be read (${error.code}). Start as the user who made it.`);
  });
  if (kept?.trim()) return { text: kept.trim(), created: false };
  const text = create();
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dirname(path));
  return { text, created: true };
}

/** So that the file's name is on the disk too. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
