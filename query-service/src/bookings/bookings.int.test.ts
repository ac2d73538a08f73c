import t from 'tap';
import { openShop, testProduct } from '../testing.ts';

t.test('the bookings of an account', async (t) => {
  const product = await testProduct(t);
  const organization = await product.organization();
  const shop = await openShop(organization, product.deps);
  const first = await shop.book('2026-12-01T09:00:00Z');
  const third = await shop.book('2026-12-03T09:00:00Z', { email: 'Bob@Example.test' });
  const second = await shop.book('2026-12-02T09:00:00Z', { eventTypeId: 'evt_other' });
  await shop.happened('booking-cancelled', second);
  const list = async (query = '') => {
    const answer = await organization.get(`${shop.account}/bookings${query}`);
    t.equal(answer.statusCode, 200, answer.body);
    return answer.json().data.map(({ id }: { id: string }) => id);
  };

  await t.test('one, whole', async (t) => {
    const answer = await organization.get(`${shop.account}/bookings/${first}`);
    t.equal(answer.headers.etag, '"0"');
    t.match(answer.json(), {
      id: first,
      user_id: shop.userId,
      user_ids: [shop.userId],
      event_type_id: shop.eventTypeId,
      start_time: '2026-12-01T09:00:00Z',
      end_time: '2026-12-01T09:30:00Z',
      status: 'confirmed',
      attendee: { email: 'mia@example.test', name: 'Mia' },
      metadata: { n: '1' },
      cancellation_reason: null,
      livemode: false,
    });
  });

  await t.test('in each order, and by each filter', async (t) => {
    t.same(await list(), [first, second, third], 'by start');
    t.same(await list('?order=-start_time'), [third, second, first]);
    t.same(await list('?order=created_at'), [first, third, second]);
    t.same(await list('?order=-created_at'), [second, third, first]);
    t.same(await list('?status=cancelled'), [second]);
    t.same(await list('?status=cancelled&status=confirmed'), [first, second, third]);
    t.same(await list('?attendee_email=bob@example.TEST'), [third]);
    t.same(await list(`?event_type_id=${shop.eventTypeId}`), [first, third]);
    t.same(await list(`?user_id=${shop.userId}&from=2026-12-02T00:00:00Z&to=2026-12-03T09:00:00Z`), [second]);
    t.same(await list('?user_id=user_nobody'), []);
  });

  await t.test('a cursor is of one order, and of ours', async (t) => {
    const { next_cursor } = (await organization.get(`${shop.account}/bookings?limit=1`)).json();
    const far = Buffer.from(JSON.stringify(['start_time', 9e15, 1])).toString('base64url');
    for (const query of [`order=created_at&cursor=${next_cursor}`, `cursor=${far}`, 'cursor=%7B%7D']) {
      t.equal((await organization.get(`${shop.account}/bookings?${query}`)).statusCode, 400, query);
    }
  });

  await t.test('a seat of somebody else’s booking is found by who has it', async (t) => {
    const attendee = await product.deps.vault.seal(
      { scope: shop.accountId, kind: 'attendee', id: 'eve' },
      { email: 'Eve@x.test', name: 'Eve' },
    );
    await shop.happened('attendee-joined', first, { seat_id: 'seat_2', attendee, metadata: {} });
    t.same(await list('?attendee_email=eve@x.test'), [first]);
  });

  await t.test('a booking of several hosts is found by each of them, and shown with all', async (t) => {
    const [lead, beside] = ['user_lead', 'user_beside'];
    const judged_by = {
      event_type_revision: 0,
      duration_minutes: 30,
      buffer_before: 0,
      buffer_after: 0,
      timezone: 'UTC',
    };
    await shop.happened('booking-rescheduled', third, {
      start_time: '2026-12-03T10:00:00Z',
      end_time: '2026-12-03T10:30:00Z',
      previous_start_time: '2026-12-03T09:00:00Z',
      previous_end_time: '2026-12-03T09:30:00Z',
      judged_by,
      user_ids: [lead, beside],
    });
    for (const host of [lead, beside]) t.same(await list(`?user_id=${host}`), [third]);
    t.same(await list(`?user_id=${shop.userId}`), [first, second], 'nobody who has left');
    const { user_id, user_ids } = (await organization.get(`${shop.account}/bookings/${third}`)).json();
    t.same([user_id, user_ids], [lead, [lead, beside]]);
  });

  await t.test('a request that nobody answered in time is declined from that instant on', async (t) => {
    const expires_at = '2026-11-21T00:00:00Z';
    const asked = await shop.book('2026-12-04T09:00:00Z', { expires_at });
    const path = `${shop.account}/bookings/${asked}`;
    const before = await organization.get(path);
    t.match(before.json(), { status: 'pending', expires_at });
    t.same(await list('?status=pending'), [asked]);
    product.clock.at = Date.parse(expires_at);
    const after = await organization.get(path, { headers: { 'if-none-match': String(before.headers.etag) } });
    t.equal(after.statusCode, 200);
    t.match(after.json(), { status: 'declined', expires_at: undefined });
    t.same(await list('?status=pending'), []);
    t.same(await list('?status=declined'), [asked]);
    await shop.happened('booking-declined', asked, { cause: 'expired' });
    t.same(await list('?status=declined'), [asked], 'and so it stays');
  });

  await t.test('what is not of its shape is a 400, what is not there a 404', async (t) => {
    for (const query of [
      '?status=nonsense',
      '?order=name',
      '?from=yesterday',
      '?limit=0',
      '?limit=101',
      '?colour=red',
    ]) {
      t.equal((await organization.get(`${shop.account}/bookings${query}`)).statusCode, 400, query);
    }
    t.equal((await organization.get(`${shop.account}/bookings/bkg_nothing`)).statusCode, 404);
    t.equal((await organization.get('/v1/accounts/acct_nothing/bookings')).statusCode, 404);
  });
});

t.test('pages go on where the last one ended, while bookings are made', async (t) => {
  const product = await testProduct(t);
  const organization = await product.organization();
  /** Each order, the order in which three bookings come in it, and a time that sorts before all of them. */
  const orders = [
    ['start_time', [0, 1, 2], '2026-11-30T09:00:00Z'],
    ['-start_time', [2, 1, 0], '2026-12-31T09:00:00Z'],
    ['created_at', [0, 2, 1], undefined],
    ['-created_at', [1, 2, 0], '2026-12-02T12:00:00Z'],
  ] as const;
  for (const [order, wanted, meanwhile] of orders) {
    const shop = await openShop(organization, product.deps);
    const made: string[] = [];
    for (const day of [0, 2, 1]) made[day] = await shop.book(`2026-12-0${day + 1}T09:00:00Z`);
    const found: string[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const answer = await organization.get(`${shop.account}/bookings?limit=1&order=${order}${cursor}`);
      found.push(...answer.json().data.map(({ id }: { id: string }) => id));
      const { next_cursor } = answer.json();
      cursor = next_cursor && `&cursor=${next_cursor}`;
      if (meanwhile && found.length < 3) await shop.book(meanwhile);
    }
    t.same(
      found,
      wanted.map((day) => made[day]),
      order,
    );
  }
});
