import { readFile } from 'node:fs/promises';
import { readConfig, requireEngines } from '@agentcal/shared/process/config';
import { openStores } from '@agentcal/shared/process/stores';
import { pino } from 'pino';
import t from 'tap';
import { openapiFile } from '../../openapi/write.ts';
import { operationsOf } from '../walk-openapi/document.ts';
import { twoTenants } from '../walk-openapi/two-tenants.ts';
import { walk } from '../walk-openapi/walk.ts';
import { whyNoNginx } from './nginx.fixture.ts';
import { startSplit } from './split.fixture.ts';

const why = whyNoNginx();
if (why) t.test('the walk through the gateway was not done', { skip: why }, async () => {});
else {
  t.test('whatever is asked wrongly is answered through the gateway as it is without', async (t) => {
    // The walk takes another address for each attack, as a balancer in front would tell.
    const env = { RATE_LIMIT_PER_MINUTE: '1000000' };
    const split = await startSplit(t, { env, TRUSTED_BALANCER: '127.0.0.1' });
    await using resources = new AsyncDisposableStack();
    const config = requireEngines(readConfig(split.env));
    const deps = await openStores({ config, log: pino({ level: 'silent' }), resources });
    const world = await twoTenants({ url: split.gateway.url, deps, testKeys: split.keys });
    const operations = operationsOf(JSON.parse(await readFile(openapiFile, 'utf8')));
    // Large bodies have many faults, all of which are the services' to find: openapi.int.test.ts walks those.
    const small = operations.filter(({ body }) => Object.keys(body?.properties ?? {}).length <= 3);
    t.ok(small.length > operations.length / 3);
    for (const operation of small) {
      const { count, wrong } = await walk(operation, world);
      t.same(wrong, [], `${operation.id}: ${count} attacks`);
    }
  });
}
