import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const hasProc = process.platform === 'linux';

/** A zombie is dead: it only waits for its parent to notice. */
export async function isAlive(pid: number): Promise<boolean> {
  const state = hasProc ? (await stat(pid))?.[0] : await ps(pid, 'stat');
  return state !== undefined && state !== '' && !/^[ZX]/.test(state);
}

/** Tells a process from a later one with the same id. Comparable with itself alone; `undefined` of a dead one. */
export async function startOf(pid: number): Promise<string | undefined> {
  if (!(await isAlive(pid))) return undefined;
  return hasProc ? (await stat(pid))?.[19] : await ps(pid, 'lstart');
}

/** Whether a process works in that folder, as a Postgres does in that of its data. */
export async function worksIn(pid: number, folder: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  return hasProc
    ? (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder
    : (await ps(pid, 'command')).includes(folder);
}

/** `/proc/<pid>/stat` from the state on; the command's name before it may hold anything, even parentheses. */
async function stat(pid: number): Promise<string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function ps(pid: number, field: string): Promise<string> {
  return run('ps', ['-o', `${field}=`, '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}
