/**
 * What a language brings: its words, by what they mean to the grammar. The grammar itself knows only
 * the meanings, so that another language is another table like `english.ts`.
 */
export interface Lexicon {
  readonly locale: string;
  readonly weekdays: Words<number>;
  /** Words that name every such day: "mondays". */
  readonly everyWeekday: Words<number>;
  readonly weekdaySets: Words<readonly number[]>;
  readonly months: Words<number>;
  readonly numbers: Words<number>;
  readonly ordinals: Words<number>;
  /** Parts of the day as start and end in minutes. */
  readonly dayParts: Words<readonly [number, number]>;
  /** Exact times that have a name: noon. */
  readonly namedTimes: Words<number>;
  /** Meaning by word, or by idiom of several words, for everything structural. */
  readonly words: Words<Meaning>;
  /** Words and idioms said for politeness or grammar; they carry no meaning here. */
  readonly filler: ReadonlySet<string>;
  /** Other ways of writing the same, and what they are written as, in order. */
  readonly rewrites: readonly (readonly [RegExp, string])[];
}

/** A map, since a text may hold any word, `constructor` too. */
export type Words<T> = ReadonlyMap<string, T>;

export type Meaning =
  | 'today'
  | 'tonight'
  | 'tomorrow'
  | 'yesterday'
  | 'this'
  | 'next'
  | 'coming'
  | 'last'
  | 'following'
  | 'day'
  | 'week'
  | 'weekend'
  | 'month'
  | 'year'
  | 'hour'
  | 'minute'
  | 'fortnight'
  | 'quarter'
  | 'half'
  | 'at'
  | 'on'
  | 'in'
  | 'of'
  | 'the'
  | 'a'
  | 'from'
  | 'to'
  | 'until'
  | 'by'
  | 'after'
  | 'before'
  | 'between'
  | 'within'
  | 'past'
  | 'around'
  | 'and'
  | 'or'
  /** "or" that ends a list of what is ruled out: "otherwise". */
  | 'else'
  | 'not'
  | 'but'
  /** Rules out what follows it: "except". */
  | 'except'
  /** Rules out the hours that follow it. */
  | 'outside'
  /** Somebody cannot come then: "I'm busy on Friday", "on Friday I'm busy". */
  | 'busy'
  /** What was named does not suit: "Friday doesn't work". */
  | 'unfit'
  /** What was named suits: "Tuesday works". */
  | 'suits'
  /** Whoever speaks: "I", "we". */
  | 'speaker'
  | 'only'
  | 'early'
  | 'mid'
  | 'late'
  | 'later'
  | 'beginning'
  | 'end'
  | 'every'
  | 'any'
  | 'anytime'
  | 'am'
  | 'pm'
  | 'oclock'
  | 'earliest'
  | 'latest'
  | 'onwards'
  | 'now'
  | 'available'
  | 'than'
  | 'for'
  | 'rest';
