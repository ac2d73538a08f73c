import { idioms, politeness } from './english-idioms.ts';
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
const tens = { twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, ninety: 90 };
const firsts = (
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth ' +
  'fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'
).split(' ');

const table = <T>(words: Readonly<Record<string, T>>): Words<T> => new Map(Object.entries(words));
const indexed = (lists: readonly (readonly string[])[], base = 0): Words<number> =>
  new Map(lists.flatMap((words, index) => words.map((word) => [word, index + base])));

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
  around: 'around about approximately roughly circa ish ~',
  and: 'and & + plus',
  or: 'or /',
  else: 'otherwise',
  not: 'not no never neither nor none nope nothing nobody',
  but: 'but',
  except:
    'except excepting excluding exclude besides barring minus save skip avoid omit omitting sans without unless hate',
  outside: 'outside',
  busy: 'busy unavailable unable away blocked occupied closed travelling traveling',
  unfit: 'impossible inconvenient unsuitable ❌ 🚫',
  suits: 'works work fine good great best better ok okay possible perfect ideal',
  speaker: "i i'd i'm i'll i've we we'd we'll we're we've",
  only: 'only',
  early: 'early',
  mid: 'mid middle',
  late: 'late',
  later: 'later',
  beginning: 'beginning start',
  end: 'end eo',
  every: 'every each all',
  any: 'any either',
  anytime: 'anytime whenever flexible anything everything',
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
  weekdays: new Map([...indexed(names.map((name) => [name])), ...indexed(shortDays)]),
  everyWeekday: indexed(names.map((name) => [`${name}s`])),
  weekdaySets: new Map(
    ['weekday', 'weekdays', 'workday', 'workdays', 'workweek'].map((word) => [word, [1, 2, 3, 4, 5]]),
  ),
  months: indexed(monthNames, 1),
  numbers: new Map([...indexed(ones.map((word) => [word])), ...table({ ...tens, couple: 2, few: 3, dozen: 12 })]),
  ordinals: new Map([...indexed(firsts.map((word) => [word])), ['thirtieth', 30]]),
  dayParts: table({
    am: [hm(0), hm(12)],
    morning: [hm(6), hm(12)],
    mornings: [hm(6), hm(12)],
    forenoon: [hm(6), hm(12)],
    midday: [hm(11, 30), hm(13, 30)],
    lunchtime: [hm(11, 30), hm(13, 30)],
    lunch: [hm(11, 30), hm(13, 30)],
    afternoon: [hm(12), hm(17)],
    afternoons: [hm(12), hm(17)],
    arvo: [hm(12), hm(17)],
    pm: [hm(12), hm(24)],
    evening: [hm(17), hm(21)],
    evenings: [hm(17), hm(21)],
    night: [hm(19), hm(24)],
    nights: [hm(19), hm(24)],
  }),
  namedTimes: table({ noon: hm(12), midnight: hm(0) }),
  words: new Map([...wordsByMeaning(meanings, ' '), ...wordsByMeaning(idioms, ', ')]),
  filler: new Set([
    ...(
      'please pls me my us our it is are be been would will could can should shall like want need prefer preferably ' +
      'ideally maybe perhaps possibly hi hey hello yes yeah thanks thank so just some something someone somewhere rather ' +
      'sometime time times slot slots spot appointment appointments appt meeting meetings meet call calls chat chats session sessions ' +
      'consultation consult visit book booking schedule scheduled reserve set up get see have do does did works work ' +
      'ok okay good great best better fine possible perfect ideal with there that you your which what when how also ' +
      'as then well um uh er hmm find give show say others another look looking let make fit squeeze options ' +
      'option anywhere really very quick quickly long sounds sound going go come happen were was who has had them ' +
      "they their whole entire instead able sorry unfortunately afraid you'd you're 🙏 🙂 😊 👍"
    ).split(' '),
    ...politeness,
  ]),
  rewrites: [
    [/\b([ap])(?:\.\s?|\s)m\b\.?/g, '$1m'],
    [/(\d)([ap])\b/g, '$1$2m'],
    [/(\d{4}-\d\d-\d\d)t(\d\d:\d\d)(?::00)?(?![\d:.z+-])/g, '$1 at $2'],
    [/\b((?:[01]\d|2[0-3])[0-5]\d) (?:hours|hrs)\b/g, 'at $1'],
    [/(\d),(\d+)(?= ?(?:hours?|hrs?|h)\b)/g, '$1.$2'],
    [/\bweek starting\b/g, 'week of'],
    [/\bthis coming\b/g, 'coming'],
    [/\beow\b/g, 'end of the week'],
    [/\beom\b/g, 'end of the month'],
    [/\beveryday\b/g, 'every day'],
    [/\ball (week|month|weekend)\b/g, 'this $1'],
    [/\bover (?=lunch)/g, 'at '],
    [/(?<=\btomorrow )or the day after(?! tomorrow)/g, 'or the day after tomorrow'],
    [/\bthis (or|and) next (week|month|weekend)\b/g, 'this $2 $1 next $2'],
    [/\bthis (\w+) or next\b(?! (?:week|month|\w+day))/g, 'this $1 or next $1'],
    [/\bn(?:o|ot) (?:sooner|earlier) than\b/g, 'not before'],
    [/\bup to (?=[\w ]{1,12}(?:hours?|hrs?|minutes?|mins?)\b)/g, 'for '],
    [/-ish\b/g, ' ish'],
    [/\bo'\s*clock\b/g, "o'clock"],
    [/\b(?:won't|wont)\b/g, 'will not'],
    [/\b(?:can't|cant|cannot)\b/g, 'can not'],
    [/\b(do|does|did|is|are|was|were|would|could|should|have|has)n'?t\b/g, '$1 not'],
    [/(?<!\bone)'s\b/g, ' is'],
    // As dates are written in German: "am 1.12.".
    [/\bam (?=\d{1,2}\.\d{1,2}\.)/g, 'on '],
  ],
};

function* wordsByMeaning(
  lists: Readonly<Partial<Record<Meaning, string>>>,
  between: string,
): Generator<[string, Meaning]> {
  for (const [meaning, list] of Object.entries(lists))
    for (const word of list.split(between)) yield [word, meaning as Meaning];
}
