import type { Lexicon, Meaning } from './lexicon.ts';

/** One word, with everything the language says it may be. `text` is as it was written, lower case. */
export interface Token {
  readonly text: string;
  readonly meaning?: Meaning;
  readonly number?: number;
  readonly ordinal?: number;
  readonly weekday?: number;
  readonly everyWeekday?: number;
  readonly weekdaySet?: readonly number[];
  readonly month?: number;
  readonly dayPart?: readonly [number, number];
  readonly namedTime?: number;
  /** 24-hour clock time written with a colon; `short` when its hour could be meant as am or pm. */
  readonly clock?: { readonly minutes: number; readonly short: boolean };
  readonly isoDate?: readonly [number, number, number];
  readonly slashDate?: readonly [number, number, number | undefined];
  /** 21.10. or 21.10.2026: the day always comes first. */
  readonly dottedDate?: readonly [number, number, number | undefined];
  /** A duration in one word: 1h30. In minutes. */
  readonly span?: number;
  readonly comma?: boolean;
  readonly filler?: boolean;
}

/** Dates, times of day, ordinals, numbers, words, and the punctuation that says something. */
const shapes = new RegExp(
  [
    /\d{4}-\d{2}-\d{2}/,
    /\d{1,2}\/\d{1,2}(?:\/\d{2,4})?/,
    /\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?/,
    /\d{1,2}[:.]\d{2}(?!\d)/,
    /\d{1,2}h\d{2}/,
    /\d+(?:st|nd|rd|th)/,
    /\d+(?:\.\d+)?/,
    /[a-z@&]+(?:'[a-z]+)*/,
    /[-/,;]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** Splits a text into tokens of the language. Nothing is dropped but other punctuation. */
export function tokenize(text: string, lexicon: Lexicon): Token[] {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’]/g, "'")
    .replace(/[‐-―]/g, '-')
    .replace(/\b([ap])(?:\.\s?|\s)m\b\.?/g, '$1m')
    .replace(/\beow\b/g, 'end of the week')
    .replace(/\beom\b/g, 'end of the month')
    .replace(/-ish\b/g, ' ish')
    .replace(/\bo'\s*clock\b/g, "o'clock");
  return joinTens((plain.match(shapes) ?? []).map((word) => tokenOf(word, lexicon)));
}

function tokenOf(word: string, lexicon: Lexicon): Token {
  if (/^\d{4}-\d{2}-\d{2}$/.test(word))
    return { text: word, isoDate: word.split('-').map(Number) as [number, number, number] };
  if (/^\d{1,2}\/\d/.test(word)) {
    const [first, second, year] = word.split('/').map(Number) as [number, number, number | undefined];
    return { text: word, slashDate: [first, second, fullYear(year)] };
  }
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d*)$/.exec(word);
  if (dotted) {
    const year = dotted[3] === '' ? undefined : Number(dotted[3]);
    return { text: word, dottedDate: [Number(dotted[1]), Number(dotted[2]), fullYear(year)] };
  }
  const clock = /^(\d{1,2})[:.](\d{2})$/.exec(word);
  if (clock) {
    const [hours, minutes] = [Number(clock[1]), Number(clock[2])];
    if (hours <= 24 && minutes < 60) {
      const short = hours >= 1 && hours <= 12 && !clock[1]!.startsWith('0');
      return { text: word, clock: { minutes: hours * 60 + minutes, short }, number: Number(word.replace(':', '.')) };
    }
  }
  const span = /^(\d{1,2})h(\d{2})$/.exec(word);
  if (span) return { text: word, span: Number(span[1]) * 60 + Number(span[2]) };
  const ordinal = /^(\d+)(?:st|nd|rd|th)$/.exec(word);
  if (ordinal) return { text: word, ordinal: Number(ordinal[1]) };
  if (/^\d/.test(word)) return { text: word, number: Number(word) };
  if (word === ',' || word === ';') return { text: word, comma: true };
  return {
    text: word,
    meaning: lexicon.words[word],
    number: lexicon.numbers[word],
    ordinal: lexicon.ordinals[word],
    weekday: lexicon.weekdays[word],
    everyWeekday: lexicon.everyWeekday[word],
    weekdaySet: lexicon.weekdaySets[word],
    month: lexicon.months[word],
    dayPart: lexicon.dayParts[word],
    namedTime: lexicon.namedTimes[word],
    filler: lexicon.filler.has(word),
  };
}

function fullYear(year: number | undefined): number | undefined {
  return year !== undefined && year < 100 ? year + 2000 : year;
}

/** "twenty one" and "twenty first" are one number. */
function joinTens(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const before = joined.at(-1);
    const tens =
      before?.number !== undefined && before.number >= 20 && before.number % 10 === 0 && !/\d/.test(before.text);
    const unit = token.number ?? token.ordinal;
    if (tens && unit !== undefined && unit >= 1 && unit <= 9 && !/\d/.test(token.text)) {
      joined.pop();
      const value = before.number! + unit;
      const text = `${before.text} ${token.text}`;
      joined.push(token.ordinal === undefined ? { text, number: value } : { text, ordinal: value });
    } else if (token.text === '-' && tens) {
      // the hyphen of "twenty-one": the next round sees the tens again
    } else joined.push(token);
  }
  return joined;
}
