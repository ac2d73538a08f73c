import t from 'tap';
import { changesFrom, settingsFrom, slugFrom } from './wire.ts';

const id = 'evt_0123456789abcdefghjkmnpq';

t.test('a slug', async (t) => {
  for (const [name, slug] of [
    ['Consultation', 'consultation'],
    ['30 min – Café, Zürich!', '30-min-cafe-zurich'],
    ['  spaced  out  ', 'spaced-out'],
    ['相談', '0123456789abcdefghjkmnpq'],
    [`${'a'.repeat(99)} b`, 'a'.repeat(99)],
  ] as const) {
    t.equal(slugFrom(name, id), slug, name);
  }
});

t.test('an event type as the API takes it becomes settings and terms', async (t) => {
  t.same(settingsFrom({ name: 'Call', duration_minutes: 30 }, id), {
    name: 'Call',
    slug: 'call',
    metadata: {},
    terms: { duration_minutes: 30, buffer_before: 0, buffer_after: 0, min_notice_minutes: 0 },
  });
  const body = { name: 'Call', slug: 'talk', duration_minutes: 30, buffer_after: 10, min_notice_hours: 1.5, seats: 3 };
  t.same(settingsFrom(body, id), {
    name: 'Call',
    slug: 'talk',
    metadata: {},
    terms: { duration_minutes: 30, buffer_before: 0, buffer_after: 10, min_notice_minutes: 90, seats: 3 },
  });
});

t.test('a change holds what was sent, and nothing else', async (t) => {
  t.same(changesFrom({ name: 'Call', seats: null }), { name: 'Call', terms: { seats: null } });
  t.same(changesFrom({ min_notice_hours: 2 }), { terms: { min_notice_minutes: 120 } });
  t.throws(() => changesFrom({ min_notice_hours: 2, min_notice_minutes: 120 }), { code: 'invalid_request' });
});
