import { newKey } from '@agentcal/shared/http/keys';
import t from 'tap';
import { issued, openShop, testProduct } from './testing.ts';

t.test('a read that names a position sees what was written by it', async (t) => {
  const product = await testProduct(t);
  const organization = await product.organization();
  const shop = await openShop(organization, product.deps);
  for (let n = 0; n < 20; n++) {
    const id = await shop.book(`2026-12-${String(n + 1).padStart(2, '0')}T15:00:00Z`);
    t.equal((await organization.get(`${shop.account}/bookings/${id}`)).statusCode, 200);
  }
});

t.test('a position that the log never reaches is a 503 that says when to come back', async (t) => {
  const product = await testProduct(t);
  const organization = await product.organization();
  await organization.get('/v1/accounts');
  const answer = await organization.get('/v1/accounts', { headers: { 'agentcal-min-position': '999999' } });
  t.match([answer.statusCode, answer.json()], [503, { code: 'read_model_behind' }]);
  t.equal(answer.headers['retry-after'], '1');
  const malformed = await organization.get('/v1/accounts', { headers: { 'agentcal-min-position': 'soon' } });
  t.equal(malformed.statusCode, 400);
});

t.test('a key can read as soon as the bus has told of it', async (t) => {
  const product = await testProduct(t);
  const { id, append, get } = await product.organization();
  await get('/v1/accounts');
  for (let n = 0; n < 20; n++) {
    const key = newKey({ kind: 'secret', livemode: false, organizationId: id });
    const streamId = `organization-${id}`;
    const position = await append(streamId, issued(id, key));
    product.deps.bus.publish('log.appended', { streamId, revision: n, position: `${position}` });
    const headers = { authorization: `Bearer ${key}` };
    t.equal((await product.app.inject({ url: '/v1/accounts', headers })).statusCode, 200);
  }
});
