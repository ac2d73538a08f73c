import { newKey } from '@agentcal/shared/http/keys';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import {
  addUser,
  defineEventType,
  issued,
  openShop,
  type TestOrganization,
  type TestProduct,
  testProduct,
} from './testing.ts';

// Cursors are not signed, so whoever likes may write their own. Each test is of a harm that this does not do.

const orders = ['start_time', '-start_time', 'created_at', '-created_at'];
const december = Date.parse('2026-12-01T00:00:00Z');

t.test('a cursor of the caller’s own making', async (t) => {
  const product = await testProduct(t);
  const [own, other] = [await tenant(product), await tenant(product)];
  const whole = await Promise.all(own.lists.map((list) => walk(t, own.organization, list)));
  t.ok(whole.every(({ length }) => length === 3));

  await t.test('shows nobody else’s rows', async (t) => {
    for (const [index, list] of own.lists.entries()) {
      const theirs = await other.organization.get(`${other.lists[index]!.path}limit=1`);
      for (const cursor of [theirs.json().next_cursor, ...everywhere(list)]) {
        const shown = await walk(t, own.organization, list, cursor);
        t.ok(new Set(whole[index]).isSupersetOf(new Set(shown)), `${list.path} from ${cursor}`);
      }
    }
  });

  await t.test('leads on to the end, and to no row twice', async (t) => {
    for (const [index, list] of own.lists.entries()) {
      for (const cursor of everywhere(list)) {
        const shown = await walk(t, own.organization, list, cursor);
        const rest = whole[index]!.slice(whole[index]!.length - shown.length);
        t.same(shown, rest, `${list.path} from ${cursor}`);
      }
    }
  });

  await t.test('leads to a page or is refused, whatever it holds', async (t) => {
    const number = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.constantFrom(-0, -1, 1e300, 8.64e15));
    const holds = fc.oneof(
      { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...orders), number, number) },
      { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...orders), number) },
      { weight: 3, arbitrary: fc.tuple(number) },
      { weight: 1, arbitrary: fc.array(fc.jsonValue(), { maxLength: 4 }) },
      { weight: 1, arbitrary: fc.jsonValue() },
    );
    const cursors = fc.oneof(
      { weight: 4, arbitrary: holds.map((value) => encoded(JSON.stringify(value))) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map(encoded) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    );
    const webhook = (await own.organization.get('/v1/webhooks')).json().data[0].id;
    const lists = [...own.lists, { path: `/v1/webhooks/${webhook}/attempts?` }];
    let pages = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...lists), cursors, async ({ path }, cursor) => {
        const answer = await own.organization.get(`${path}cursor=${encodeURIComponent(cursor)}`);
        if (answer.statusCode === 200) pages += 1;
        else t.match([answer.statusCode, answer.json().code], [400, /^invalid_(cursor|request)$/], cursor);
      }),
      { numRuns: 400 },
    );
    t.ok(pages > 0, `${pages} of them led to a page`);
  });
});

interface List {
  /** Up to where the cursor is said. */
  readonly path: string;
  readonly order?: string;
}

/** An organization that has three of everything that is listed. */
async function tenant(product: TestProduct): Promise<{ organization: TestOrganization; lists: List[] }> {
  const organization = await product.organization();
  const { account, accountId, userId, book } = await openShop(organization, product.deps);
  for (const n of [1, 2]) {
    await openShop(organization, product.deps);
    await addUser(organization, accountId, { timezone: 'UTC' });
    await defineEventType(organization, accountId, {});
    await book(`2026-12-0${n}T09:00:00Z`);
  }
  await book('2026-12-03T09:00:00Z');
  const of = { user_id: userId, account_id: accountId };
  const webhook = { organization_id: organization.id, url: 'https://a.test', events: ['booking.created'] };
  for (const n of [1, 2, 3]) {
    const times = { start_time: `2026-12-2${n}T00:00:00Z`, end_time: `2026-12-2${n}T09:00:00Z` };
    await organization.append(`user-${userId}`, [
      'user.away-set.v1',
      { ...of, away_id: `away_${n}${userId}`, ...times },
    ]);
    const hook = { ...webhook, webhook_id: `whk_${n}${userId}`, livemode: false };
    const key = newKey({ kind: 'secret', livemode: false, organizationId: organization.id });
    const further = n === 1 ? [] : [issued(organization.id, key)];
    await organization.append(
      `organization-${organization.id}`,
      ['organization.webhook-registered.v1', hook],
      ...further,
    );
  }
  const byPosition = ['/v1/accounts', '/v1/webhooks', ...['/users', '/event-types'].map((step) => account + step)];
  const lists = [...byPosition, '/v1/keys', `${account}/users/${userId}/away`].map((path) => ({ path: `${path}?` }));
  const bookings = orders.map((order) => ({ path: `${account}/bookings?order=${order}&`, order }));
  return { organization, lists: [...lists, ...bookings] };
}

/** Follows a list to its end, a row at a time, and answers their ids. */
async function walk(t: Test, organization: TestOrganization, { path }: List, from?: string): Promise<string[]> {
  const shown: string[] = [];
  let cursor = from;
  do {
    const answer = await organization.get(`${path}limit=1${cursor === undefined ? '' : `&cursor=${cursor}`}`);
    t.equal(answer.statusCode, 200, answer.body);
    shown.push(...answer.json().data.map(({ id }: { id: string }) => id));
    cursor = answer.json().next_cursor;
  } while (cursor !== undefined && shown.length < 20);
  return shown;
}

/** Cursors that begin before, between and behind all that there is. */
function everywhere({ order }: List): string[] {
  const positions = [Number.MIN_SAFE_INTEGER, -1, 0, 1, 20, 40, 60, Number.MAX_SAFE_INTEGER];
  if (!order?.endsWith('start_time')) return positions.map((at) => encoded(JSON.stringify(order ? [order, at] : [at])));
  const starts = [0, december, december + 129_600_000, 253_402_300_799_999];
  return starts.flatMap((start) => [-1, 45].map((at) => encoded(JSON.stringify([order, start, at]))));
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64url');
}
