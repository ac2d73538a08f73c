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
  /** Meaning by word for everything structural. */
  readonly words: Words<Meaning>;
  /** Said for politeness or grammar; carries no meaning here. */
  readonly filler: ReadonlySet<string>;
}

export type Words<T> = Readonly<Record<string, T>>;

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
  | 'not'
  | 'except'
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
