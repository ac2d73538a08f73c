import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as eventType from './decider.ts';
import { change, changed, define, defined, retire, retired, settings } from './samples.ts';

const given = scenario(eventType);

t.test('defining an event type', async (t) => {
  t.test('says what can be booked', async (t) => given(t).when(define()).then(defined()));
  t.test('changes nothing the second time', async (t) => {
    given(t, defined()).when(define()).thenNothing();
    given(t, defined(), retired).when(define()).thenNothing();
  });
  t.test('is refused where the settings contradict themselves', async (t) => {
    const host = { user_id: 'user_1' };
    for (const fields of [
      settings({}, { durations: [15, 45] }),
      settings({}, { limits: [{ per: 'day' }] }),
      settings({}, { booking_window: { type: 'range', start_date: '2030-02-02', end_date: '2030-02-01' } }),
      settings({ hosts: [host, host] }),
      settings({ questions: { type: 'object', $ref: 'https://elsewhere.test' } }),
    ]) {
      given(t).when(define(fields)).thenRefused('invalid_request');
    }
  });
  t.test('is refused where what it names is not there, and not as a repeat', async (t) => {
    const faults = [{ pointer: '/body/hosts/0/user_id', detail: 'There is no such user in the account' }];
    given(t).when(define(settings(), faults)).thenRefused('invalid_request');
    given(t, defined()).when(define(settings(), faults)).thenNothing();
  });
});

t.test('changing an event type', async (t) => {
  const before = settings({ description: 'Long' }, { durations: [30, 60], seats: 4 });

  t.test('keeps what is not asked for, and gives the whole', async (t) => {
    given(t, defined(before))
      .when(change({ name: 'Call', terms: { buffer_after: 0 } }))
      .then(changed({ ...before, name: 'Call', terms: { ...before.terms, buffer_after: 0 } }));
  });
  t.test('takes away what is null', async (t) => {
    given(t, defined(before))
      .when(change({ description: null, terms: { durations: null, seats: null } }))
      .then(changed(settings()));
  });
  t.test('changes nothing where it is so already', async (t) => {
    given(t, defined())
      .when(change({ name: 'Consultation', terms: { buffer_after: 10, seats: null } }))
      .thenNothing();
  });
  t.test('is refused where the whole would contradict itself', async (t) => {
    given(t, defined(before))
      .when(change({ terms: { duration_minutes: 20 } }))
      .thenRefused('invalid_request');
  });
  t.test('is refused where there is none, or no more', async (t) => {
    given(t)
      .when(change({ name: 'Call' }))
      .thenRefused('not_found');
    given(t, defined(), retired)
      .when(change({ name: 'Call' }))
      .thenRefused('not_found');
  });
});

t.test('who has to be there', async (t) => {
  const [anna, ben] = [{ user_id: 'user_1' }, { user_id: 'user_2' }];
  const pool = { assignment: 'round_robin' as const, hosts: [anna, { ...ben, group: 'rooms' }] };

  t.test('is said by assignment, hosts and groups', async (t) => {
    for (const fields of [
      { hosts: [anna, ben] },
      { assignment: 'collective' as const, hosts: [anna, ben] },
      { ...pool, groups: [{ name: 'rooms', take: 1 }] },
    ]) {
      given(t)
        .when(define(settings(fields)))
        .then(defined(settings(fields)));
    }
  });
  t.test('is refused where it contradicts itself', async (t) => {
    for (const fields of [
      settings({ assignment: 'collective' }),
      settings({ assignment: 'round_robin', hosts: [] }),
      settings({ ...pool, assignment: 'collective' }),
      settings({ hosts: [{ ...anna, group: 'rooms' }] }),
      settings({ assignment: 'collective', hosts: [anna], groups: [] }),
      settings({ hosts: [{ ...anna, fixed: true }] }),
      settings({ ...pool, groups: [{ name: 'rooms', take: 2 }] }),
      settings({ ...pool, groups: [{ name: 'cars', take: 1 }] }),
      settings(pool, { seats: 4 }),
    ]) {
      given(t).when(define(fields)).thenRefused('invalid_request');
    }
  });
  t.test('cannot be changed into a contradiction field by field', async (t) => {
    const course = settings({ hosts: [anna, ben] }, { seats: 4 });
    given(t, defined(course))
      .when(change({ assignment: 'collective' }))
      .thenRefused('invalid_request');
    given(t, defined(settings(pool)))
      .when(change({ terms: { seats: 4 } }))
      .thenRefused('invalid_request');
    given(t, defined(settings(pool)))
      .when(change({ hosts: null }))
      .thenRefused('invalid_request');
    given(t, defined(course))
      .when(change({ assignment: 'collective', terms: { seats: null } }))
      .then(changed(settings({ hosts: [anna, ben], assignment: 'collective' })));
  });
});

t.test('hours of its own', async (t) => {
  const hours = { timezone: 'UTC', rules: [{ day_of_week: 1, start_time: '10:00', end_time: '12:00' }] };
  t.test('are kept whole, until they are taken away', async (t) => {
    given(t, defined())
      .when(change({ hours }))
      .then(changed(settings({ hours })));
    given(t, defined(settings({ hours })))
      .when(change({ hours: null }))
      .then(changed(settings()));
  });
  t.test('are held to what every schedule is held to', async (t) => {
    const reversed = { ...hours, rules: [{ day_of_week: 1, start_time: '12:00', end_time: '10:00' }] };
    given(t)
      .when(define(settings({ hours: reversed })))
      .thenRefused('invalid_request');
  });
});

t.test('retiring an event type', async (t) => {
  t.test('ends it', async (t) => given(t, defined()).when(retire).then(retired));
  t.test('changes nothing the second time', async (t) => given(t, defined(), retired).when(retire).thenNothing());
  t.test('is refused where there is none', async (t) => given(t).when(retire).thenRefused('not_found'));
});
