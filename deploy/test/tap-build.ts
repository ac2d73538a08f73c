import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * tap arrives with a loader of its own for TypeScript, which .taprc turns off: Node runs TypeScript itself. tap wants
 * to be built anew for that, once after each install.
 */
export async function buildTap(root: string, tap: string): Promise<void> {
  const built = fileURLToPath(import.meta.resolve('@tapjs/test/built'));
  const [, plugins = ''] = /signature = `([^`]*)`/.exec(await readFile(built, 'utf8')) ?? [];
  if (!plugins.includes('@tapjs/typescript')) return;
  console.log('building tap for this configuration, once');
  const build = spawn(process.execPath, [tap, 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(build, 'exit');
  if (code !== 0) throw new Error(`tap build ended with ${code}`);
}
