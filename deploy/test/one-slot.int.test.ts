import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase } from '@agentcal/shared/testing/database';
import t, { type Test } from 'tap';
import { startProcess } from '../all-in-one/process.fixture.ts';
import { type Api, api, openShop, tenOClock } from './api.fixture.ts';
import { startService } from './service.fixture.ts';

const attempts = 200;

const { url, key, env } = await product(t);

t.test('of 200 at once who want one slot, one gets it: all in one process', async (t) => {
  await race(t, api(url, key), [api(url, key)]);
});

t.test('the same against two command services on one log', async (t) => {
  const services = await Promise.all([
    startService(t, 'command-service', env),
    startService(t, 'command-service', env),
  ]);
  await race(
    t,
    api(url, key),
    services.map((service) => api(service.url, key)),
  );
});

/** Everybody asks at the same time, spread over the doors there are. */
async function race(t: Test, setup: Api, doors: readonly Api[]): Promise<void> {
  const shop = await openShop(setup);
  const body = shop.booking(tenOClock(3));
  const answers = await Promise.all(
    Array.from({ length: attempts }, (_, n) => doors[n % doors.length]!.send('POST', `${shop.account}/bookings`, body)),
  );
  const winners = answers.filter(({ status }) => status === 201);
  const losers = answers.filter(({ status }) => status === 409);
  t.equal(winners.length, 1, 'one 201');
  t.equal(
    losers.length,
    attempts - 1,
    `all others 409: ${JSON.stringify(answers.find(({ status }) => status !== 201 && status !== 409)?.body)}`,
  );
  t.ok(
    losers.every((answer) => answer.body.code === 'slot_taken' && answer.body.alternatives.length > 0),
    'each with alternatives',
  );
  const { body: list } = await setup.get(`${shop.account}/bookings`, {
    'agentcal-min-position': winners[0]!.headers.get('agentcal-position')!,
  });
  t.same(
    list.data.map(({ id }: { id: string }) => id),
    [winners[0]!.body.id],
  );
}

/** The whole product on a database that other processes can share. */
async function product(t: Test) {
  const { url: databaseUrl } = await testDatabase(t);
  const folder = await mkdtemp(join(tmpdir(), 'one-slot-'));
  const env = { DATABASE_URL: databaseUrl, AGENTCAL_VAULT_KEY: randomBytes(32).toString('base64') };
  const started = startProcess({ ...env, AGENTCAL_DATA_DIR: folder });
  t.teardown(async () => {
    await started.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });
  const url = await started.url;
  return { url, env, key: /^sk_test_\w+$/m.exec(started.said())?.[0] ?? '' };
}
