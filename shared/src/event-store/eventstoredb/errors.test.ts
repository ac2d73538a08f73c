import t from 'tap';
import { meaningOf } from './errors.ts';

const failures = [
  { what: 'a dead server', error: Object.assign(new Error('14 UNAVAILABLE'), { code: 14 }), means: 'unavailable' },
  { what: 'a cancelled call', error: Object.assign(new Error(), { code: 1, type: 'cancelled' }), means: 'unavailable' },
  { what: 'a reset connection', error: Object.assign(new Error(), { code: 'ECONNRESET' }), means: 'unavailable' },
  { what: 'a failed discovery', error: new Error('Failed to discover after 10 attempts.'), means: 'unavailable' },
  { what: 'an error nobody knows', error: Object.assign(new Error(), { type: 'unknown' }), means: 'unavailable' },
  { what: 'missing rights', error: Object.assign(new Error(), { code: 7, type: 'access-denied' }), means: 'denied' },
  {
    what: 'missing rights, unwrapped',
    error: Object.assign(new Error(), { code: 7, type: 'unknown' }),
    means: 'denied',
  },
  { what: 'another leader', error: Object.assign(new Error(), { code: 5, type: 'not-leader' }), means: 'not_leader' },
  { what: 'a stale expectation', error: { type: 'wrong-expected-version' }, means: 'wrong_revision' },
  { what: 'an absent stream', error: { type: 'stream-not-found' }, means: 'no_stream' },
  { what: 'too large an append', error: { type: 'maximum-append-size-exceeded' }, means: 'fault' },
  {
    what: 'a request that makes no sense',
    error: Object.assign(new Error(), { code: 3, type: 'unknown' }),
    means: 'fault',
  },
  { what: 'a bug', error: new TypeError('x is not a function'), means: 'fault' },
];

for (const { what, error, means } of failures) {
  t.test(`${what} is told as ${means}`, async (t) => {
    t.equal(meaningOf(error), means);
  });
}
