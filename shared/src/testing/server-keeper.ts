import { lstat, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../postgres/embedded/server.ts';
import { keeperFolder, keeperSocket } from './server-lease.ts';

/**
 * A process that keeps one Postgres for tests: it starts it, tells its URL to whoever connects, and ends it,
 * folder and all, when nobody has been connected for a while.
 */
const lingerMs = 2_000;

/** Nothing here has to survive the machine, so nothing waits for its disk. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_wal_size: '128MB',
  max_connections: 400,
};

await prepareFolder();
if (!(await isFirst())) process.exit(0);

const leases = new Set<Socket>();
const starting = startEmbeddedPostgres({ dataDir: join(keeperFolder, 'postgres'), settings });
let idle: NodeJS.Timeout | undefined;
const server = createServer((socket) => {
  clearTimeout(idle);
  leases.add(socket);
  starting.then(({ url }) => socket.write(`${url}\n`));
  socket.on('error', () => {});
  // All that is ever sent is `release`: its sender waits for the close, which is the end of the server if it was the last.
  socket.on('data', () => {
    leases.delete(socket);
    if (leases.size === 0) end();
    else socket.end();
  });
  socket.on('close', () => {
    leases.delete(socket);
    lingerWhileIdle();
  });
});
await rm(keeperSocket, { force: true });
await listen(server, keeperSocket);
process.on('SIGTERM', end).on('SIGINT', end);
await starting;
lingerWhileIdle();

function lingerWhileIdle(): void {
  clearTimeout(idle);
  if (leases.size === 0) idle = setTimeout(end, lingerMs);
}

async function end(): Promise<void> {
  server.close();
  await (await starting).stop();
  await rm(keeperFolder, { recursive: true, force: true });
  process.exit(0);
}

/** What another user has prepared in the temporary folder is not used. */
async function prepareFolder(): Promise<void> {
  await mkdir(keeperFolder, { recursive: true, mode: 0o700 });
  const { uid } = await lstat(keeperFolder);
  if (process.getuid && uid !== process.getuid()) throw new Error(`${keeperFolder} belongs to somebody else`);
}

/**
 * Of several keepers that start at once, one stays. An abstract socket is the lock: the kernel frees it with the
 * process, however that ends. Where there are none (outside Linux), the last one to listen wins.
 */
async function isFirst(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  return listen(createServer(), `\0${keeperSocket}`).then(
    () => true,
    () => false,
  );
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve));
}
