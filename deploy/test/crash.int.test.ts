import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionUrlOf } from '@agentcal/shared/postgres/embedded/connection';
import t from 'tap';
import { startProcess } from '../all-in-one/process.fixture.ts';
import { api, openShop, until } from './api.fixture.ts';
import { readModelsEqualTheirRebuild } from './own-rebuild.fixture.ts';
import { webhookReceiver } from './receiver.fixture.ts';

const clients = 12;
const bookingsBeforeTheCrash = 150;

t.test('kill -9 in the middle of a load of bookings loses nothing that was acknowledged', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'crash-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const env = { AGENTCAL_DATA_DIR: join(folder, 'data') };
  const first = startProcess(env);
  const key = await first.url.then(() => /^sk_test_\w+$/m.exec(first.said())![0]);
  const receiver = await webhookReceiver(t);
  const calls = api(await first.url, key);
  await calls.send('POST', '/v1/webhooks', { url: receiver.url, events: ['booking.created'] });
  const shop = await openShop(calls);

  const acknowledged = new Map<string, string>();
  let next = 0;
  let killed = false;
  const start = Date.parse(`${new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`);
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (!killed) {
        const at = new Date(start + next++ * 1_800_000).toISOString();
        const answer = await calls.send('POST', `${shop.account}/bookings`, shop.booking(at)).catch(() => undefined);
        if (answer?.status === 201) acknowledged.set(answer.body.id, answer.headers.get('agentcal-position')!);
        if (acknowledged.size >= bookingsBeforeTheCrash && !killed) {
          killed = true;
          const postmaster = Number.parseInt(
            await readFile(join(folder, 'data/postgres/cluster/postmaster.pid'), 'utf8'),
            10,
          );
          first.child.kill('SIGKILL');
          process.kill(postmaster, 'SIGKILL');
        }
      }
    }),
  );
  await first.end();

  const second = startProcess(env);
  t.teardown(() => second.child.kill('SIGKILL'));
  const again = api(await second.url, key);
  const last = [...acknowledged.values()].reduce((a, b) => (BigInt(a) > BigInt(b) ? a : b));
  const found: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await again.get(`${shop.account}/bookings?limit=100${cursor}`, { 'agentcal-min-position': last });
    found.push(...body.data.map(({ id }: { id: string }) => id));
    if (!body.has_more) break;
    cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
  }
  t.equal(new Set(found).size, found.length, 'each booking is there once');
  t.same(
    [...acknowledged.keys()].filter((id) => !found.includes(id)),
    [],
    'every acknowledged one is there',
  );
  const told = () => new Set(receiver.received.map(({ event }) => event.subject));
  await until(() => found.every((id) => told().has(id)), 'a webhook for each booking', 60_000);

  await t.test('and the read models equal a rebuild of themselves, row by row', async (t) => {
    const url = await connectionUrlOf(join(folder, 'data/postgres'));
    await readModelsEqualTheirRebuild(t, url, env);
  });
  t.equal((await second.end('SIGTERM')).code, 0);
});
