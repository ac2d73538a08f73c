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

t.test('retiring an event type', async (t) => {
  t.test('ends it', async (t) => given(t, defined()).when(retire).then(retired));
  t.test('changes nothing the second time', async (t) => given(t, defined(), retired).when(retire).thenNothing());
  t.test('is refused where there is none', async (t) => given(t).when(retire).thenRefused('not_found'));
});
