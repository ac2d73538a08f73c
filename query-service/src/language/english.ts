import type { Lexicon, Meaning, Words } from './lexicon.ts';

/** English, as people type and say it to an assistant, with the short forms that speech recognition and thumbs make. */

const names = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const shortDays = [['sun'], ['mon'], ['tue', 'tues'], ['wed', 'weds'], ['thu', 'thur', 'thurs'], ['fri'], ['sat']];
const monthNames = [
  ['january', 'jan'],
  ['february', 'feb'],
  ['march', 'mar'],
  ['april', 'apr'],
  ['may'],
  ['june', 'jun'],
  ['july', 'jul'],
  ['august', 'aug'],
  ['september', 'sep', 'sept'],
  ['october', 'oct'],
  ['november', 'nov'],
  ['december', 'dec'],
];
const ones =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens: Words<number> = { twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, ninety: 90 };
const firsts = (
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth ' +
  'fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'
).split(' ');

const indexed = (lists: readonly (readonly string[])[], base: number): Words<number> =>
  Object.fromEntries(lists.flatMap((words, index) => words.map((word) => [word, index + base])));

const meanings: Record<Meaning, string> = {
  today: 'today',
  tonight: 'tonight tonite',
  tomorrow: 'tomorrow tmrw tomorow tommorow tomorrows',
  yesterday: 'yesterday',
  this: 'this',
  next: 'next nxt',
  coming: 'coming upcoming',
  last: 'last',
  following: 'following',
  day: 'day days',
  week: 'week weeks wk wks',
  weekend: 'weekend weekends',
  month: 'month months',
  year: 'year years',
  hour: 'hour hours hr hrs h',
  minute: 'minute minutes min mins m',
  fortnight: 'fortnight',
  quarter: 'quarter',
  half: 'half',
  at: 'at @',
  on: 'on',
  in: 'in',
  of: 'of',
  the: 'the',
  a: 'a an',
  from: 'from starting since',
  to: 'to through thru -',
  until: 'until till til',
  by: 'by',
  after: 'after',
  before: 'before',
  between: 'between betwixt',
  within: 'within during',
  past: 'past',
  around: 'around about approximately roughly circa ish',
  and: 'and & plus',
  or: 'or /',
  not: "not no don't cannot can't avoid never without isn't won't",
  except: 'except excluding besides',
  only: 'only',
  early: 'early',
  mid: 'mid middle',
  late: 'late',
  later: 'later',
  beginning: 'beginning start',
  end: 'end eo',
  every: 'every each all',
  any: 'any either',
  anytime: 'anytime whenever flexible anything',
  am: 'am',
  pm: 'pm',
  oclock: "o'clock oclock",
  earliest: 'earliest soonest asap',
  latest: 'latest',
  onwards: 'onwards onward forward',
  now: 'now',
  available: 'available availability opening openings free open',
  than: 'than',
  for: 'for',
  rest: 'rest',
};

const hm = (hours: number, minutes = 0) => hours * 60 + minutes;

export const english: Lexicon = {
  locale: 'en',
  weekdays: {
    ...indexed(
      names.map((name) => [name]),
      0,
    ),
    ...indexed(shortDays, 0),
  },
  everyWeekday: indexed(
    names.map((name) => [`${name}s`]),
    0,
  ),
  weekdaySets: {
    weekday: [1, 2, 3, 4, 5],
    weekdays: [1, 2, 3, 4, 5],
    workday: [1, 2, 3, 4, 5],
    workdays: [1, 2, 3, 4, 5],
    workweek: [1, 2, 3, 4, 5],
  },
  months: indexed(monthNames, 1),
  numbers: { ...Object.fromEntries(ones.map((word, index) => [word, index])), ...tens, couple: 2, few: 3, dozen: 12 },
  ordinals: { ...Object.fromEntries(firsts.map((word, index) => [word, index])), thirtieth: 30 },
  dayParts: {
    morning: [hm(6), hm(12)],
    mornings: [hm(6), hm(12)],
    forenoon: [hm(6), hm(12)],
    midday: [hm(11, 30), hm(13, 30)],
    lunchtime: [hm(11, 30), hm(13, 30)],
    lunch: [hm(11, 30), hm(13, 30)],
    afternoon: [hm(12), hm(17)],
    afternoons: [hm(12), hm(17)],
    arvo: [hm(12), hm(17)],
    evening: [hm(17), hm(21)],
    evenings: [hm(17), hm(21)],
    night: [hm(19), hm(24)],
    nights: [hm(19), hm(24)],
  },
  namedTimes: { noon: hm(12), midnight: hm(0) },
  words: Object.fromEntries(
    Object.entries(meanings).flatMap(([meaning, words]) => words.split(' ').map((word) => [word, meaning as Meaning])),
  ),
  filler: new Set(
    (
      "please pls i i'd i'm i'll we we'd you me my us our it it's is are be been would will could can " +
      'should shall like want need prefer preferably ideally maybe perhaps possibly hi hey hello ok okay ' +
      'yes yeah thanks thank so just some something someone somewhere sometime time times slot slots spot ' +
      'appointment appointments appt meeting meetings meet call chat session consultation consult visit ' +
      'book booking schedule scheduled reserve set up get see have do does did works work works good great ' +
      'best better fine okay with there that about which what when how also as possible then well um uh er ' +
      "hmm find give show say other others look looking let let's try make fit squeeze options option " +
      "anywhere really very quick quickly long one's if long-ish sounds sound going go come happen were was " +
      "who has had them they their i've you're that's us"
    ).split(' '),
  ),
};
