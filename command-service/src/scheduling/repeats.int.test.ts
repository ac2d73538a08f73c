import { withoutUniqueIds } from '@agentcal/shared/event-store/local-ids';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import { minute } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { friday9, now } from '../calendar/http.fixture.ts';
import { audited, openTeamShop, sound } from './http.fixture.ts';

/** A repeat is answered as the first request was, whatever its event type has become meanwhile. */

const ten = '2030-05-03T10:00:00Z';
const stores = {
  'with unique event ids': () => createMemoryEventStore(),
  'without unique event ids': () => withoutUniqueIds(createMemoryEventStore()),
};

for (const [kind, openStore] of Object.entries(stores)) {
  t.test(`who decides a request changes after it was made, ${kind}`, async (t) => {
    const shop = await openTeamShop(t, { store: openStore() });
    const { account, send, define, users, hosts, booking, idempotent, store } = shop;
    const [first, second] = hosts;
    const alone = { assignment: 'single', hosts: [first] };
    const another = { assignment: 'single', hosts: [second] };
    const together = { assignment: 'collective', hosts };
    const anyone = { assignment: 'round_robin', hosts };
    const count = async () => {
      const { events } = await store.readAll({ after: 0n, maxCount: 10_000 });
      return events.filter(({ streamId }) => /^(calendar|scheduling)-/.test(streamId)).length;
    };

    for (const [n, [was, is]] of [
      [alone, together],
      [alone, anyone],
      [alone, another],
      [together, alone],
      [anyone, alone],
    ].entries()) {
      const name = `${was!.assignment} of ${was!.hosts.length} that becomes ${is!.assignment} of ${is!.hosts.length}`;
      const type = await define(was!);
      const at = (hour: number) => `2030-05-${String(6 + n).padStart(2, '0')}T${hour}:00:00Z`;
      const wanted = { event_type_id: type, user_id: undefined };
      const requests = [
        [`${account}/bookings`, booking({ ...wanted, start_time: at(10) }), { metadata: { a: 'b' } }],
        [`${account}/holds`, { event_type_id: type, start_time: at(11) }, { ttl_seconds: 60 }],
      ] as const;
      const sent = (path: string, body: object) => send('POST', path, body, idempotent(`${n}${path.slice(-5)}`));
      const answers = [];
      for (const [path, body] of requests) answers.push(await sent(path, body));
      t.same(
        answers.map(({ status }) => status),
        [201, 201],
        name,
      );
      await send('PATCH', `${account}/event-types/${type}`, is);
      const before = await count();
      for (const [index, [path, body, change]] of requests.entries()) {
        const { status, body: answer } = await sent(path, body);
        t.same([status, answer], [201, answers[index]!.body], `${name}: ${path.slice(-8)}`);
        const other = await sent(path, { ...body, ...change });
        t.match(other, { status: 409, body: { code: 'idempotency_key_reused' } }, 'of another payload it is none');
      }
      t.equal(await count(), before, 'and nothing happened in any calendar');
      const fresh = await send('POST', `${account}/bookings`, booking({ ...wanted, start_time: at(12) }));
      t.same(fresh.body.user_ids, is === together ? users : fresh.body.user_ids.slice(0, 1));
    }
    t.match(await audited(store), sound);
  });
}

t.test('a move that a plan has made is found again when its booking has one host for good', async (t) => {
  const { account, send, define, hosts, booking, idempotent } = await openTeamShop(t);
  const type = await define({ assignment: 'round_robin', hosts });
  const wanted = booking({ event_type_id: type, user_id: undefined });
  const { user_id } = (await send('POST', `${account}/bookings`, wanted)).body;
  const { location } = (await send('POST', `${account}/bookings`, { ...wanted, start_time: ten })).headers;
  await send('POST', `${account}/bookings`, booking({ user_id, start_time: ten }));
  const moved = await send('PATCH', `${location}`, { start_time: friday9 }, idempotent('move'));
  t.equal(moved.status, 200);
  const only = hosts.filter((host) => host.user_id === moved.body.user_id);
  await send('PATCH', `${account}/event-types/${type}`, { assignment: 'single', hosts: only });
  t.equal((await send('PATCH', `${location}`, { start_time: '2030-05-03T12:00:00Z' })).status, 200);
  t.same((await send('PATCH', `${location}`, { start_time: friday9 }, idempotent('move'))).body, moved.body);
});

t.test('a hold is answered as it was placed, whatever became of it', async (t) => {
  const { account, send, team, eventTypeId, users, booking, idempotent, clock } = await openTeamShop(t);
  const { attendee } = booking();
  for (const [name, wanted] of [
    ['of several', { event_type_id: team }],
    ['of one', { event_type_id: eventTypeId, user_id: users[0] }],
  ] as const) {
    const ends = {
      booked: (hold_id: string) => send('POST', `${account}/bookings`, { hold_id, attendee }),
      released: (hold_id: string) => send('DELETE', `${account}/holds/${hold_id}`),
      expired: async () => clock.set(clock.now() + 6 * minute),
    };
    for (const [n, [became, end]] of Object.entries(ends).entries()) {
      const start_time = `2030-05-0${name === 'of one' ? 6 : 7}T1${n}:00:00Z`;
      const hold = () =>
        send(
          'POST',
          `${account}/holds`,
          { ...wanted, start_time },
          idempotent(`${name}-${became}`.replaceAll(' ', '-')),
        );
      const placed = await hold();
      t.match(placed, { status: 201, body: { status: 'held' } });
      await end(placed.body.id);
      t.same((await hold()).body, placed.body, `${name}, ${became}`);
      t.match(await send('DELETE', `${account}/holds/${placed.body.id}`), { body: { status: became } });
    }
  }
  t.ok(clock.now() > now);
});
