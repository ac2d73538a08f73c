import type { Lexicon, Meaning } from './lexicon.ts';
import { plainOf, type Word, wordsOf } from './words.ts';

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
  /** A sentence or a line begins here. */
  readonly opens?: boolean;
}

/** Splits a text into tokens of the language: an idiom of several words is one. */
export function tokenize(text: string, lexicon: Lexicon): Token[] {
  const plain = lexicon.rewrites.reduce((known, [pattern, by]) => known.replace(pattern, by), plainOf(text));
  const words = wordsOf(plain);
  const tokens: Token[] = [];
  for (let at = 0; at < words.length; ) {
    const garbled = garbledAt(words, at, lexicon);
    const { text: said, length } = garbled ?? idiomAt(words, at, lexicon);
    tokens.push({ ...(garbled ? { text: said } : tokenOf(said, lexicon)), ...(words[at]!.opens && { opens: true }) });
    at += length;
  }
  return joinTens(tokens);
}

/** "3pn" and "20thh" are one word that nobody knows, not numbers with something behind them. */
function garbledAt(words: readonly Word[], at: number, lexicon: Lexicon) {
  let end = at + 1;
  while (words[end]?.glued) end += 1;
  const run = words.slice(at, end).map(({ text }) => text);
  if (run.length === 1 || run.every((text) => isKnown(tokenOf(text, lexicon)))) return undefined;
  return { text: run.join(''), length: run.length };
}

function isKnown({ text: _, ...known }: Token): boolean {
  return Object.values(known).some((value) => value !== undefined && value !== false);
}

/** No idiom has more words. */
const longestIdiom = 5;

/** The longest idiom that begins there, or else the word; none goes on in another sentence. */
function idiomAt(words: readonly Word[], at: number, { words: meanings, filler }: Lexicon) {
  for (let length = Math.min(longestIdiom, words.length - at); length > 1; length--) {
    const idiom = words.slice(at, at + length);
    const text = idiom.map((word) => word.text).join(' ');
    if ((meanings.has(text) || filler.has(text)) && !idiom.some(({ opens }, n) => opens && n > 0))
      return { text, length };
  }
  return { text: words[at]!.text, length: 1 };
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
    if (hours * 60 + minutes <= 24 * 60 && minutes < 60) {
      const short = hours >= 1 && hours <= 12 && !clock[1]!.startsWith('0');
      return { text: word, clock: { minutes: hours * 60 + minutes, short }, number: Number(word.replace(':', '.')) };
    }
  }
  const span = /^(\d{1,2})h(\d{2})m?$/.exec(word);
  if (span) return { text: word, span: Number(span[1]) * 60 + Number(span[2]) };
  const ordinal = /^(\d+)(?:st|nd|rd|th)$/.exec(word);
  if (ordinal) return { text: word, ordinal: Number(ordinal[1]) };
  if (word.includes(':')) return { text: word };
  if (/^\d/.test(word)) return { text: word, number: Number(word) };
  if (word === ',' || word === ';') return { text: word, comma: true };
  return {
    text: word,
    meaning: lexicon.words.get(word),
    number: lexicon.numbers.get(word),
    ordinal: lexicon.ordinals.get(word),
    weekday: lexicon.weekdays.get(word),
    everyWeekday: lexicon.everyWeekday.get(word),
    weekdaySet: lexicon.weekdaySets.get(word),
    month: lexicon.months.get(word),
    dayPart: lexicon.dayParts.get(word),
    namedTime: lexicon.namedTimes.get(word),
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
