import fc from 'fast-check';
import t from 'tap';
import { brief } from './brief.ts';
import { choicePhrases } from './choice-phrases.ts';
import { dayOf, weekdayOf } from './days.ts';
import { exclusionPhrases } from './exclusion-phrases.ts';
import { interpret } from './interpret.ts';
import { oddPhrases } from './odd-phrases.ts';
import { phrases } from './phrases.ts';

const today = dayOf(2026, 10, 14);
const allPhrases = { ...phrases, ...choicePhrases, ...exclusionPhrases, ...oddPhrases };
const said = (text: string) => interpret({ text, today, nowMinutes: 10 * 60 });

t.test('reads what people say', async (t) => {
  let score = 0;
  let total = 0;
  for (const [name, rows] of Object.entries(allPhrases)) {
    await t.test(name, async (t) => {
      for (const [text, expected] of rows) {
        const reading = brief(said(text));
        total += 1;
        if (reading === expected) score += 1;
        t.equal(reading, expected, text);
      }
    });
  }
  t.comment(`${score} of ${total} phrases read as expected`);
  t.ok(total >= 300, 'there are enough phrases to speak of');
});

t.test('says what it assumed', async (t) => {
  t.match(said('at 3')?.assumptions, ['read the time as 15:00', /no day was named/]);
  t.match(said('10/21')?.assumptions, ['read the date as month/day']);
  t.same(said('tomorrow at 3pm')?.assumptions, []);
});

t.test('offers the other reading of an ambiguous text', async (t) => {
  const reading = said('next Friday');
  t.equal(reading?.ambiguous, true);
  t.match(reading?.alternatives, [{ text: 'Friday 16 October 2026', because: 'next can also mean the coming one' }]);
  t.equal(said('next Tuesday')?.ambiguous, false, 'the coming one is next week too');
});

t.test('reads a date day first where that is the custom, and says so', async (t) => {
  const european = (text: string) => interpret({ text, today, nowMinutes: 600, dayFirst: true });
  t.equal(brief(european('4/5')), '2027-05-04; or 2027-04-05');
  t.match(european('4/5')?.assumptions, ['read the date as day/month']);
  t.equal(brief(european('10/21')), '10-21', 'there is no month 21');
});

t.test('says whose clock it read a time by', async (t) => {
  t.match(said('3pm EST tomorrow'), {
    timezone: 'America/New_York',
    text: 'Thursday 15 October 2026 at 15:00, time of America/New_York',
    assumptions: ['read EST as the time of America/New_York'],
  });
  t.notOk(said('3pm tomorrow')?.timezone);
});

t.test('drops no word silently', async (t) => {
  t.match(said('tomorrow with the blue dentist'), { unparsed: ['blue', 'dentist'], ambiguous: true, alternatives: [] });
});

const words = Object.values(allPhrases).flatMap((rows) => rows.flatMap(([text]) => text.split(' ')));
const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const salad = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 14 }).map((list) => list.join(' '));
const anyDay = fc.integer({ min: dayOf(2024, 1, 1), max: dayOf(2032, 1, 1) });

t.test('any text has an answer or none, and never a window in the past', async () => {
  const minute = fc.integer({ min: 0, max: 1439 });
  fc.assert(
    fc.property(fc.oneof(salad, fc.string({ maxLength: 80 })), anyDay, minute, (text, day, nowMinutes) => {
      const windows = interpret({ text, today: day, nowMinutes })?.windows ?? [];
      return windows.every(
        ({ day: at, from, to }) => from < to && to <= 1440 + 31 && at * 1440 + from >= day * 1440 + nowMinutes,
      );
    }),
    { numRuns: 3000 },
  );
});

t.test('a letter, digit or sign of any script is understood or reported', async () => {
  const sign = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
    .map((text) => text.normalize('NFC').toLowerCase());
  const visible = sign.filter((text) =>
    /^[[^\p{C}\s]--[\p{ASCII}！-～½¼¾‘’‐-―−–“”„«»‹›¿¡…🙏🙂😊👍❌🚫]]+$/v.test(text),
  );
  fc.assert(
    fc.property(visible, (unknown) => {
      const reading = said(`tomorrow ${unknown} at 3pm`);
      return reading?.ambiguous === true && reading.unparsed.join('') === unknown;
    }),
    { numRuns: 500 },
  );
});

const rulingOut = (
  'but not, except, except for, excluding, apart from, other than, save for, barring, minus, without, not, never, no, ' +
  "skip, avoid, instead of, rather than, I'm busy on, I can't do, can't make, I'm unavailable, not available on, " +
  "I don't work, don't want, anything but, any day but, next week but"
).split(', ');
const turningDown = (
  "won't work, doesn't work, is no good, is out, is bad for me, is impossible, is not an option, I'm busy, I can't, " +
  'I am not available, no, is my day off'
).split(', ');

t.test('a day that is ruled out is not answered, whatever the words', async (t) => {
  const around = ['next week SAID', 'SAID, next week', 'next week, SAID', 'SAID please', 'mornings. SAID. 30 minutes'];
  const words = [...rulingOut.map((word) => `${word} Friday`), ...turningDown.map((word) => `Friday ${word}`)];
  const texts = words.flatMap((said) => around.map((frame) => frame.replace('SAID', said)));
  t.same(
    texts.filter((text) => said(text)?.windows.some(({ day }) => weekdayOf(day) === 5)),
    [],
  );
});

t.test('a weekday is that weekday, whatever the day it is said on', async () => {
  const prefix = fc.constantFrom('', 'next ', 'this ', 'on ');
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 0, max: 6 }), prefix, (day, weekday, before) => {
      const windows = interpret({ text: before + names[weekday], today: day, nowMinutes: 0 })?.windows ?? [];
      return windows.length === 1 && weekdayOf(windows[0]!.day) === weekday && windows[0]!.day - day < 14;
    }),
  );
});

t.test('a text that repeats itself costs no more than it is long', async (t) => {
  const began = performance.now();
  for (const said of [
    'from 2 to 4pm or from 3 to 5pm ',
    'every monday or next month ',
    '4/5 ',
    'next friday at 7 or ',
  ]) {
    interpret({ text: said.repeat(40).slice(0, 500), today: 20_740, nowMinutes: 600 });
  }
  interpret({ text: 'from 1/1/2027 to 1/1/9999', today: 20_740, nowMinutes: 600 });
  t.ok(performance.now() - began < 3_000, 'each doubling would take it far beyond');
});
