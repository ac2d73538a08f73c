import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs a program of the simulation in a process of its own, for tests: as somebody would run it by hand, arguments and exit code
 * included. In the process of a test, where the runner watches timers and the like, it takes a tenth longer.
 */
export async function runAlone(program: URL, args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [fileURLToPath(program), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, output };
}
