import t from 'tap';
import { testService } from '../testing.ts';

const consultation = { name: 'Consultation', duration_minutes: 30, buffer_after: 10, min_notice_hours: 2 };

async function world(t: Parameters<typeof testService>[0]) {
  const service = await testService(t);
  const { test: key } = await service.register();
  const account = await service.call('POST', '/v1/accounts', { key, body: { name: 'Acme' } });
  const define = (body: object, headers = {}) =>
    service.call('POST', `${account.headers.location}/event-types`, { key, body, headers });
  return { ...service, key, define, accountPath: account.headers.location as string };
}

t.test('an event type is defined, changed and retired', async (t) => {
  const { call, key, define } = await world(t);
  const made = await define(consultation, { 'idempotency-key': 'one' });
  const path = made.headers.location as string;
  t.match(made, { status: 201, headers: { location: /\/event-types\/evt_/, etag: '"0"' } });
  t.match(made.body, {
    id: /^evt_/,
    ...consultation,
    slug: 'consultation',
    buffer_before: 0,
    min_notice_minutes: 120,
    description: null,
    requires_confirmation: false,
    metadata: {},
    created_at: '2030-05-02T10:00:00Z',
  });
  t.same((await define(consultation, { 'idempotency-key': 'one' })).body, made.body, 'repeated');

  const body = { durations: [30, 60], location: 'Zoom', min_notice_minutes: 45, limits: [{ per: 'day', count: 3 }] };
  const changed = await call('PATCH', path, { key, body, headers: { 'if-match': '"0"' } });
  t.match(changed, {
    status: 200,
    headers: { etag: '"1"' },
    body: { ...body, name: 'Consultation', min_notice_hours: 0.75 },
  });
  const taken = await call('PATCH', path, { key, body: { durations: null, location: null, limits: null } });
  t.match(taken, { status: 200, body: { location: null } });
  t.notOk('durations' in taken.body || 'limits' in taken.body);
  t.match(await call('PATCH', path, { key, body: { name: 'Call' }, headers: { 'if-match': '"0"' } }), { status: 412 });

  for (const time of ['first', 'second']) t.match(await call('DELETE', path, { key }), { status: 200 }, time);
  t.match(await call('PATCH', path, { key, body: { name: 'Call' } }), { status: 404 });
});

t.test('what an event type may be', async (t) => {
  const { call, key, define } = await world(t);
  const faulty: [object, string][] = [
    [{ ...consultation, min_notice_minutes: 5 }, '/body/min_notice_hours'],
    [{ ...consultation, durations: [15, 45] }, '/body/durations'],
    [{ ...consultation, limits: [{ per: 'day' }] }, '/body/limits/0'],
    [{ ...consultation, slug: 'Not A Slug' }, '/body/slug'],
    [{ ...consultation, duration_minutes: 0 }, '/body/duration_minutes'],
    [{ ...consultation, duration_minutes: '30' }, '/body/duration_minutes'],
    [{ ...consultation, color: 'red' }, '/body/color'],
    [{ ...consultation, seats: null }, '/body/seats'],
    [{ name: 'No length' }, '/body/duration_minutes'],
    [{ ...consultation, questions: { type: 'string' } }, '/body/questions/type'],
  ];
  for (const [body, pointer] of faulty) {
    const { status, body: problem } = await define(body);
    t.match({ status, problem }, { status: 400, problem: { code: 'invalid_request', errors: [{ pointer }] } }, pointer);
  }
  const made = await define({
    ...consultation,
    durations: [30, 60],
    starts: 'any',
    requires_confirmation: { below_notice_minutes: 60 },
  });
  t.match(made, {
    status: 201,
    body: { durations: [30, 60], starts: 'any', requires_confirmation: { below_notice_minutes: 60 } },
  });
  const contradiction = await call('PATCH', made.headers.location as string, { key, body: { duration_minutes: 20 } });
  t.match(contradiction, { status: 400, body: { errors: [{ pointer: '/body/durations' }] } });
});

t.test('questions are kept as they were asked', async (t) => {
  const { define } = await world(t);
  const questions = {
    type: 'object',
    properties: { topic: { type: 'string', maxLength: 100 }, newsletter: { type: 'boolean' } },
    required: ['topic'],
  };
  t.same((await define({ ...consultation, questions })).body.questions, questions);
});

t.test('an event type is in one account, and gone with it', async (t) => {
  const { call, key, define, accountPath } = await world(t);
  const other = (await call('POST', '/v1/accounts', { key, body: { name: 'Other' } })).headers.location as string;
  const made = await define(consultation);
  const absent = { status: 404, body: { code: 'not_found' } };
  t.match(await call('PATCH', `${other}/event-types/${made.body.id}`, { key, body: { name: 'X' } }), absent);
  t.match(await call('DELETE', `${other}/event-types/${made.body.id}`, { key }), absent);
  await call('DELETE', accountPath, { key });
  t.match(await call('PATCH', made.headers.location as string, { key, body: { name: 'X' } }), absent);
  t.match(await define(consultation), absent);
});

t.test('hosts are users of the account', async (t) => {
  const { call, key, define, accountPath } = await world(t);
  const addTo = async (path: string, name: string) => {
    const body = { name, email: `${name}@acme.test`, timezone: 'UTC' };
    return (await call('POST', `${path}/users`, { key, body })).body.id as string;
  };
  const [anna, ben] = [await addTo(accountPath, 'anna'), await addTo(accountPath, 'ben')];
  const hosts = [
    { user_id: anna, fixed: true },
    { user_id: ben, group: 'helpers', priority: 2, weight: 50 },
  ];
  const groups = [{ name: 'helpers', take: 1 }];
  const team = { ...consultation, assignment: 'round_robin', hosts, groups, first_slot_of_day_only: true };
  const made = await define(team, { 'idempotency-key': 'team' });
  t.match(made, { status: 201, body: team });
  const path = made.headers.location as string;

  await t.test('and of no other one', async (t) => {
    const other = (await call('POST', '/v1/accounts', { key, body: { name: 'Other' } })).headers.location as string;
    const stranger = await addTo(other, 'sue');
    for (const user_id of [stranger, 'user_zzzzzzzzzzzzzzzzzzzzzzzz', 'nobody', '', 'a'.repeat(5_000), '__proto__']) {
      const body = { hosts: [{ user_id: anna }, { user_id }] };
      const refused = {
        status: 400,
        body: { code: 'invalid_request', errors: [{ pointer: '/body/hosts/1/user_id' }] },
      };
      t.match(await define({ ...consultation, ...body }), refused, user_id.slice(0, 30));
      t.match(await call('PATCH', path, { key, body: { ...body, groups: null } }), refused, user_id.slice(0, 30));
    }
    t.match(await define({ ...consultation, hosts: Array.from({ length: 201 }, () => ({ user_id: anna })) }), {
      status: 400,
      body: { errors: [{ pointer: '/body/hosts' }] },
    });
  });

  await t.test('or any user, where they are taken away again', async (t) => {
    const taken = await call('PATCH', path, { key, body: { assignment: null, hosts: null, groups: null } });
    t.match(taken, { status: 200, body: { assignment: 'single' } });
    t.notOk('hosts' in taken.body || 'groups' in taken.body);
    t.match(await call('PATCH', path, { key, body: { assignment: 'round_robin', hosts, groups } }), { status: 200 });
  });

  await t.test('and one who is removed stays named, cannot be named anew, and hides no repeat', async (t) => {
    await call('DELETE', `${accountPath}/users/${ben}`, { key });
    const renamed = await call('PATCH', path, { key, body: { name: 'Team' } });
    t.match(renamed, { status: 200, body: { name: 'Team', hosts } });
    t.match(await call('PATCH', path, { key, body: { hosts: hosts.toReversed() } }), {
      status: 400,
      body: { errors: [{ pointer: '/body/hosts/0/user_id' }] },
    });
    t.match(
      await call('PATCH', path, { key, body: { hosts } }),
      { status: 200, body: renamed.body },
      'as it is already',
    );
    t.same((await define(team, { 'idempotency-key': 'team' })).body, made.body);
  });
});

t.test('an event type may have hours of its own', async (t) => {
  const { call, key, define } = await world(t);
  const hours = {
    timezone: 'Europe/Berlin',
    rules: [{ day_of_week: 1, start_time: '10:00', end_time: '16:00' }],
    holidays: { country: 'DE', region: 'BY' },
  };
  const made = await define({ ...consultation, hours });
  t.match(made, { status: 201, body: { hours } });
  const path = made.headers.location as string;
  t.notOk('hours' in (await call('PATCH', path, { key, body: { hours: null } })).body);
  for (const [wrong, pointer] of [
    [{ ...hours, timezone: 'Nowhere' }, '/body/hours/timezone'],
    [{ ...hours, holidays: { country: 'ZZ' } }, '/body/hours/holidays/country'],
    [{ ...hours, holidays: { country: 'DE', region: 'XX' } }, '/body/hours/holidays/region'],
  ] as const) {
    const refused = { status: 400, body: { code: 'invalid_request', errors: [{ pointer }] } };
    t.match(await call('PATCH', path, { key, body: { hours: wrong } }), refused, pointer);
    t.match(await define({ ...consultation, hours: wrong }), refused, pointer);
  }
});
