import type { Meaning } from './lexicon.ts';
import type { Day } from './model.ts';
import type { Token } from './tokens.ts';

/** What the grammar knows besides the words. */
export interface Context {
  readonly today: Day;
  /** Minutes of the day now, in the speaker's zone. */
  readonly nowMinutes: number;
  /** That 4/5 is the fourth of May. */
  readonly dayFirst?: boolean;
}

/** A place in the tokens. Immutable: a rule answers what it read and the cursor behind it. */
export class Cursor {
  readonly tokens: readonly Token[];
  readonly at: number;

  constructor(tokens: readonly Token[], at = 0) {
    this.tokens = tokens;
    this.at = at;
  }

  get token(): Token | undefined {
    return this.tokens[this.at];
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  peek(ahead: number): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  skip(count = 1): Cursor {
    return new Cursor(this.tokens, this.at + count);
  }

  /** Whether the next tokens mean this, in order. */
  means(...meanings: readonly Meaning[]): boolean {
    return meanings.every((meaning, ahead) => this.peek(ahead)?.meaning === meaning);
  }

  /** The cursor behind any of these words, as often as they come. */
  past(...meanings: readonly Meaning[]): Cursor {
    let next: Cursor = this;
    while (next.token?.meaning !== undefined && meanings.includes(next.token.meaning)) next = next.skip();
    return next;
  }

  /** The cursor behind one of these words, or undefined where none is next. */
  after(...meanings: readonly Meaning[]): Cursor | undefined {
    const meaning = this.token?.meaning;
    return meaning !== undefined && meanings.includes(meaning) ? this.skip() : undefined;
  }
}

/** What a rule read, and where it stopped. `undefined` from a rule: not its words. */
export interface Read<T> {
  readonly value: T;
  readonly next: Cursor;
}

export type Rule<T> = (cursor: Cursor, context: Context) => Read<T> | undefined;

/** The first rule that reads something. */
export function firstOf<T>(...rules: readonly Rule<T>[]): Rule<T> {
  return (cursor, context) => {
    for (const rule of rules) {
      const read = rule(cursor, context);
      if (read) return read;
    }
    return undefined;
  };
}

/** The rule that reads the most words; the earlier one where two read as many. */
export function longestOf<T>(...rules: readonly Rule<T>[]): Rule<T> {
  return (cursor, context) => {
    let best: Read<T> | undefined;
    for (const rule of rules) {
      const found = rule(cursor, context);
      if (found && (!best || found.next.at > best.next.at)) best = found;
    }
    return best;
  };
}

export const read = <T>(value: T, next: Cursor): Read<T> => ({ value, next });
