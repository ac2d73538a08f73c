import { startEmbeddedPostgres } from './server.ts';

/** A process of its own for the tests to kill: starts a server on the folder it is given and says its URL. */
const log = { debug: () => {}, info: () => {}, warn: (message: string) => console.error(message) };
try {
  const server = await startEmbeddedPostgres({ dataDir: process.argv[2]!, log, settings: { fsync: 'off' } });
  console.log(server.url);
  process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
  setInterval(() => {}, 60_000);
} catch (error) {
  console.error(String(error));
  process.exit(1);
}
