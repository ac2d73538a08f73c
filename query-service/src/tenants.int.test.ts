import { newKey } from '@agentcal/shared/http/keys';
import { toIso } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { issued, openShop, testProduct } from './testing.ts';

t.test('another organization’s or mode’s things answer as absent, on every route', async (t) => {
  const product = await testProduct(t);
  const owner = await product.organization();
  const stranger = await product.organization();
  const shop = await openShop(owner, product.deps);
  const strange = await openShop(stranger, product.deps);
  const booking = await shop.book('2026-12-01T15:00:00Z');
  const dates = 'start_date=2026-12-01&end_date=2026-12-02';
  const availability = (account: string, user: string, eventType: string) =>
    `${account}/availability?user_id=${user}&event_type_id=${eventType}&${dates}`;
  const userAndType = ({ userId, eventTypeId }: { userId: string; eventTypeId: string }) =>
    `user_id=${userId}&event_type_id=${eventTypeId}`;
  const paths = [
    shop.account,
    `${shop.account}/users`,
    `${shop.account}/users/${shop.userId}`,
    `${shop.account}/users/${shop.userId}/schedule`,
    `${shop.account}/users/${shop.userId}/away`,
    `${shop.account}/event-types`,
    `${shop.account}/event-types/${shop.eventTypeId}`,
    `${shop.account}/bookings`,
    `${shop.account}/bookings/${booking}`,
    availability(shop.account, shop.userId, shop.eventTypeId),
    `${shop.account}/availability/explain?${userAndType(shop)}&start_time=2026-12-01T16:00:00Z`,
    `${shop.account}/free-busy?user_ids=${shop.userId}&start_time=2026-12-01T00:00:00Z&end_time=2026-12-02T00:00:00Z`,
  ];
  for (const path of paths) {
    t.equal((await owner.get(path)).statusCode, 200, `its owner sees ${path}`);
    const asStranger = await stranger.get(path);
    t.match([asStranger.statusCode, asStranger.json()], [404, { code: 'not_found' }], 'another organization does not');
    t.equal((await owner.get(path, { key: owner.liveKey })).statusCode, 404, 'nor does the other mode');
  }
  const mixed = [
    `${strange.account}/users/${shop.userId}`,
    `${strange.account}/event-types/${shop.eventTypeId}`,
    `${strange.account}/bookings/${booking}`,
    availability(strange.account, shop.userId, strange.eventTypeId),
    availability(strange.account, strange.userId, shop.eventTypeId),
    `${strange.account}/availability/explain?${userAndType(shop)}&start_time=2026-12-01T16:00:00Z`,
    `${strange.account}/free-busy?user_ids=${shop.userId}&start_time=2026-12-01T00:00:00Z&end_time=2026-12-02T00:00:00Z`,
  ];
  for (const path of mixed)
    t.equal((await stranger.get(path)).statusCode, 404, `not through an account of its own: ${path}`);
  t.same((await stranger.get(`${strange.account}/bookings`)).json().data, []);
  t.same((await stranger.get('/v1/accounts')).json().data.length, 1);

  await t.test('also where all of them ask at once', async (t) => {
    const questions = [owner, stranger].flatMap(({ get, testKey, liveKey }) =>
      [shop, strange].flatMap(({ account, userId, eventTypeId }) =>
        [testKey, liveKey].map((key) => () => get(availability(account, userId, eventTypeId), { key })),
      ),
    );
    const alone: number[] = [];
    const whose: string[] = [];
    for (const ask of questions) {
      const answer = await ask();
      alone.push(answer.statusCode);
      whose.push(answer.json().data?.[0].user_ids[0]);
    }
    t.same(
      whose.filter((userId) => userId !== undefined),
      [shop.userId, strange.userId],
    );
    const together = await Promise.all(questions.map((ask) => ask()));
    t.same(
      together.map(({ statusCode }) => statusCode),
      alone,
    );
    t.same(
      together.map((answer) => answer.json().data?.[0].user_ids[0]),
      whose,
    );
  });
});

t.test('keys', async (t) => {
  const product = await testProduct(t);
  const organization = await product.organization();
  const stream = `organization-${organization.id}`;
  const fresh = () => newKey({ kind: 'secret', livemode: false, organizationId: organization.id });
  const status = async (key: string, headers = {}) =>
    (await product.app.inject({ url: '/v1/accounts', headers: { authorization: `Bearer ${key}`, ...headers } }))
      .statusCode;

  await t.test('a key that was issued a moment ago is waited for, where the caller says so', async (t) => {
    const key = fresh();
    const position = await organization.append(stream, issued(organization.id, key));
    t.equal(await status(key, { 'agentcal-min-position': `${position}` }), 200);
  });

  await t.test('a key that nobody issued is refused, and so is what is no key', async (t) => {
    t.equal(await status(fresh()), 401);
    t.equal(await status('nonsense'), 401);
    t.equal((await product.app.inject({ url: '/v1/accounts' })).statusCode, 401);
  });

  await t.test('a key may do what its scopes say', async (t) => {
    const key = fresh();
    const position = await organization.append(stream, issued(organization.id, key, ['users:read']));
    t.equal(await status(key, { 'agentcal-min-position': `${position}` }), 403);
  });

  await t.test('a revoked key is refused from its instant on, within a second of the event', async (t) => {
    const key = fresh();
    const event = issued(organization.id, key);
    const { key_id } = event[1] as { key_id: string };
    const position = await organization.append(stream, event);
    t.equal(await status(key, { 'agentcal-min-position': `${position}` }), 200);
    const effective_at = toIso(product.clock.at + 60_000);
    await organization.append(stream, [
      'organization.secret-key-revoked.v1',
      { organization_id: organization.id, key_id, effective_at },
    ]);
    await organization.get('/v1/keys');
    product.clock.at += 1_001;
    t.equal(await status(key), 200, 'the overlap has not ended');
    product.clock.at += 60_000;
    t.equal(await status(key), 401);
  });
});
