import { minute, toIso } from '@agentcal/shared/kernel/time';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as calendar from '../decider.ts';
import {
  booked,
  cancel,
  eleven,
  friday,
  held,
  hold,
  holdId,
  opened,
  release,
  released,
  rules,
  ten,
} from '../samples.ts';
import { maxHolds } from './holds.ts';

const given = scenario(calendar);
const expiry = friday + 5 * minute;

t.test('placing a hold', async (t) => {
  t.test('takes the time until it expires', async (t) => {
    given(t).when(hold()).then(opened, held());
    given(t)
      .when(hold({ ttlSeconds: 60 }))
      .then(opened, held({ expires_at: toIso(friday + minute) }));
    given(t, opened, held())
      .when(hold({ holdId: holdId('two') }))
      .thenRefused('slot_taken');
    given(t, opened, held())
      .when(hold({ holdId: holdId('two'), at: expiry }))
      .then(held({ hold_id: holdId('two'), expires_at: toIso(expiry + 5 * minute) }));
  });

  t.test('changes nothing the second time, also when it has gone', async (t) => {
    given(t, opened, held()).when(hold()).thenNothing();
    given(t, opened, held())
      .when(hold({ at: expiry }))
      .thenNothing();
    given(t, opened, held(), released()).when(hold()).thenNothing();
  });

  t.test('is judged as a booking is', async (t) => {
    given(t, opened, booked()).when(hold()).thenRefused('slot_taken');
    given(t)
      .when(hold({ start: ten + minute }))
      .thenRefused('off_grid');
    given(t)
      .when(hold({ durationMinutes: 31 }))
      .thenRefused('duration_not_offered');
    const once = rules({ terms: { limits: [{ per: 'day', count: 1 }] } });
    given(t, opened, booked())
      .when(hold({ start: eleven, rules: once }))
      .thenRefused('limit_reached');
  });

  t.test('is refused beyond what one key may hold, until one of its holds is gone', async (t) => {
    const many = held1By1(maxHolds.perHolder, () => 'key_1');
    given(t, opened, ...many)
      .when(hold({ holdId: holdId('more'), start: ten + 1440 * minute }))
      .thenRefused('too_many_holds');
    const later = { holdId: holdId('more'), start: ten + 1440 * minute, at: expiry };
    t.equal(calendar.decide(hold(later), given(t, opened, ...many).state).length, 1);
    const other = hold({ holdId: holdId('more'), start: ten + 1440 * minute, holder: 'key_2' });
    t.equal(calendar.decide(other, given(t, opened, ...many).state).length, 1);
  });

  t.test('is refused beyond what all keys together may hold', async (t) => {
    const { state } = given(t, opened, ...held1By1(maxHolds.perCalendar, (index) => `key_${index}`));
    const more = hold({ holdId: holdId('more'), holder: 'key_new', start: ten + 7 * 1440 * minute });
    t.throws(() => calendar.decide(more, state), { code: 'too_many_holds', extras: { retryAfterSeconds: 300 } });
  });
});

t.test('releasing a hold', async (t) => {
  t.test('frees its time', async (t) => {
    const state = given(t, opened, held()).when(release()).then(released());
    t.equal(calendar.decide(hold({ holdId: holdId('two') }), state).length, 1);
  });

  t.test('changes nothing where it is gone already, however it went', async (t) => {
    given(t, opened, held(), released()).when(release()).thenNothing();
    given(t, opened, held())
      .when(release({ at: expiry }))
      .thenNothing();
    given(t, opened, held(), booked({ hold_id: holdId() }))
      .when(release())
      .thenNothing();
  });

  t.test('is refused where there never was one', async (t) => {
    given(t).when(release()).thenRefused('not_found');
    given(t, opened, held())
      .when(release({ accountId: 'acct_other' }))
      .thenRefused('not_found');
    given(t, opened, booked())
      .when(release({ holdId: cancel().data.bookingId }))
      .thenRefused('not_found');
  });
});

/** Half-hours of one day after the other. */
function held1By1(count: number, holder: (index: number) => string) {
  return Array.from({ length: count }, (_, index) =>
    held({
      hold_id: holdId(`h${index}`),
      holder: holder(index),
      start: ten + (index % 10) * 30 * minute + Math.floor(index / 10) * 1440 * minute,
    }),
  );
}
