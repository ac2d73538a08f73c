import { readFile } from 'node:fs/promises';
import t from 'tap';
import { formatDocument, openapiFile } from '../openapi/write.ts';
import { api } from './api.fixture.ts';
import { startProduct } from './product.fixture.ts';
import { type Document, operationsOf } from './walk-openapi/document.ts';
import { twoTenants } from './walk-openapi/two-tenants.ts';
import { walk } from './walk-openapi/walk.ts';

t.test('the API document', async (t) => {
  const { product, lines } = await startProduct(t);
  const text = await (await fetch(`${product.url}/v1/openapi.json`)).text();
  const document = JSON.parse(text) as Document;
  const operations = operationsOf(document);

  await t.test('is the one in the repository', async (t) => {
    t.equal(await readFile(openapiFile, 'utf8'), formatDocument(document), 'else: npm run openapi');
  });

  await t.test('says of every operation what it is for', async (t) => {
    const ids = operations.map(({ id }) => id);
    t.equal(new Set(ids).size, ids.length, 'each has an id of its own');
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        t.match(
          operation,
          { operationId: /^[a-z][A-Za-z]+$/, summary: /\w/, description: /\w/, tags: [/\w/] },
          `${method} ${path}`,
        );
      }
    }
  });

  await t.test('can be believed: no operation in it answers a bad request but with a problem', async (t) => {
    const world = await twoTenants(product);
    const before = await everything(product.url, world.keys.full, operations);
    for (const operation of operations) {
      const { count, wrong } = await walk(operation, world);
      t.same(wrong, [], `${operation.id}: ${count} attacks`);
    }
    t.same(await everything(product.url, world.keys.full, operations), before, 'and nothing has changed');
    t.same(lines, [], 'and nothing has gone wrong inside');

    await t.test('and what is below an account is reached without it in the path', async (t) => {
      const { get } = api(product.url, world.keys.full);
      for (const { path } of operations.filter((operation) => isAccountList(operation))) {
        const [, collection] = path.split('{account_id}');
        const whole = await get(`/v1/accounts/${world.own.accounts}${collection}`);
        const short = await get(`/v1${collection}`, { 'x-account-id': world.own.accounts! });
        t.equal(whole.status, 200, path);
        t.same(short.body, whole.body, path);
      }
    });
  });
});

function isAccountList({ method, path, query }: ReturnType<typeof operationsOf>[number]): boolean {
  return method === 'GET' && /\{account_id\}\/[^{]+$/.test(path) && query.every(({ required }) => !required);
}

/** What every list shows. */
async function everything(url: string, key: string, operations: ReturnType<typeof operationsOf>): Promise<unknown[]> {
  const lists = operations.filter(({ method, path }) => method === 'GET' && !path.includes('{'));
  return Promise.all(lists.map(async ({ path }) => (await api(url, key).get(path)).body));
}
