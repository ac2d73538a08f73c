import type { Meaning } from './lexicon.ts';
import type { Token } from './tokens.ts';

/** Words of grammar that mean nothing alone. */
const glue: ReadonlySet<Meaning> = new Set([
  'at',
  'on',
  'in',
  'of',
  'the',
  'a',
  'for',
  'only',
  'available',
  'day',
  'any',
  'every',
] as const);

/** Whether a token that no rule reads can be left out, and the text still means the same. */
export function ignorable({ filler, comma, meaning, text }: Token): boolean {
  return (
    filler === true ||
    comma === true ||
    meaning === 'speaker' ||
    (meaning !== undefined && glue.has(meaning)) ||
    text === '-'
  );
}
