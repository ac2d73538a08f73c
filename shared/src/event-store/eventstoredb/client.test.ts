import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import t from 'tap';
import { loadClient, openClient } from './client.ts';

t.test('a second client of the family in the process is refused', async (t) => {
  const scope = globalThis as { proto?: unknown };
  scope.proto = { event_store: {} };
  t.throws(() => loadClient(), /another client/);
  delete scope.proto;
  t.ok((await loadClient()).EventStoreDBClient);
  t.equal(await loadClient(), await loadClient());
});

t.test('one package of the family is installed, and once', async (t) => {
  const lock = JSON.parse(await readFile(new URL('../../../../package-lock.json', import.meta.url), 'utf8'));
  const family = Object.keys(lock.packages).filter((path) => /@(eventstore|kurrent)\/[a-z]*db-client$/.test(path));
  t.same(family, ['node_modules/@eventstore/db-client']);
});

t.test('a malformed connection string is refused without being quoted', async (t) => {
  const family = await loadClient();
  for (const url of ['esdb://admin:secret@', 'http://admin:secret@host', 'esdb://admin:secret@host?tls=perhaps']) {
    let refusal: unknown;
    try {
      await openClient(family, url).close();
    } catch (error) {
      refusal = error;
    }
    t.match(refusal, /malformed/);
    t.notMatch(inspect(refusal), /secret/);
  }
});
