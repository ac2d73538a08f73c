import t from 'tap';
import { at } from './samples.ts';
import { pickOptions, speakNearest, speakSlots } from './speak.ts';

const newYork = { timezone: 'America/New_York', now: at('2026-10-14T12:00Z') };

function say(...starts: string[]): string {
  return speakSlots(starts.map(at), newYork);
}

t.test('says a day once, and its times after it', async (t) => {
  t.equal(
    say('2026-10-20T17:00Z', '2026-10-20T17:30Z', '2026-10-20T19:00Z'),
    'Tuesday the twentieth at one, one thirty, or three',
  );
  t.equal(say('2026-10-20T17:00Z'), 'Tuesday the twentieth at one');
  t.equal(
    say('2026-10-20T13:00Z', '2026-10-20T18:15Z', '2026-10-21T13:05Z'),
    'Tuesday the twentieth at nine or two fifteen, or Wednesday the twenty-first at nine oh five',
  );
  t.equal(say(), '');
});

t.test('names the month that is not the present one, and the part of an unusual hour', async (t) => {
  t.equal(say('2026-11-03T14:00Z'), 'Tuesday, November the third at nine');
  t.equal(say('2026-10-21T00:45Z'), 'Tuesday the twentieth at eight forty-five in the evening');
  t.equal(say('2026-10-20T10:30Z'), 'Tuesday the twentieth at six thirty in the morning');
  t.equal(
    say('2026-10-20T16:00Z', '2026-10-21T04:00Z'),
    'Tuesday the twentieth at noon or Wednesday the twenty-first at midnight',
  );
  t.equal(say('2026-10-22T02:20Z'), 'Wednesday the twenty-first at ten twenty at night');
});

t.test('names the year of what is more than a year away', async (t) => {
  t.equal(say('2027-09-21T16:00Z'), 'Tuesday, September the twenty-first at noon');
  t.equal(say('2027-10-19T16:00Z'), 'Tuesday, October the nineteenth twenty twenty-seven at noon');
  t.match(say('2070-01-01T17:00Z'), / twenty seventy at /);
  t.match(say('2105-01-01T17:00Z'), / twenty-one oh five at /);
  t.match(say('2200-01-01T17:00Z'), / twenty-two hundred at /);
  t.match(say('3000-01-01T17:00Z'), / three thousand at /);
});

t.test('ordinals of a month', async (t) => {
  const said = [1, 2, 3, 5, 8, 9, 12, 20, 22, 30, 31].map((day) => {
    return say(`2026-10-${String(day).padStart(2, '0')}T16:00Z`).replace(/.* the (.*) at noon/, '$1');
  });
  t.equal(
    said.join(' '),
    'first second third fifth eighth ninth twelfth twentieth twenty-second thirtieth thirty-first',
  );
});

t.test('of many, three that differ', async (t) => {
  const tuesday = Array.from({ length: 12 }, (_, i) => at('2026-10-20T13:00Z') + i * 1_800_000);
  const wednesday = tuesday.map((start) => start + 86_400_000);
  t.equal(
    speakSlots([...tuesday, ...wednesday], newYork),
    'Tuesday the twentieth at nine or eleven, or Wednesday the twenty-first at nine',
  );
  t.same(pickOptions(tuesday, 'America/New_York'), [tuesday[0], tuesday[1], tuesday[4]]);
});

t.test('says what is nearest where there is nothing', async (t) => {
  t.equal(speakNearest([], newYork), 'There is nothing free then.');
  t.equal(
    speakNearest([at('2026-10-20T17:00Z')], newYork),
    'There is nothing free then. The nearest is Tuesday the twentieth at one.',
  );
});
