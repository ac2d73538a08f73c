/** A word or sign as it was written, in lower case. */
export interface Word {
  readonly text: string;
  /** A sentence or a line begins here. */
  readonly opens?: boolean;
  /** Written without a space behind a number or a word: the "pm" of "3pm". */
  readonly glued?: boolean;
}

/** Dates, times of day, ordinals, numbers, words of any script, and any other sign by itself. */
const shapes = new RegExp(
  [
    /\d{4}-\d{2}-\d{2}/v,
    /\d{1,2}\/\d{1,2}(?:\/\d{2,4})?/v,
    /\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?/v,
    /\d{1,2}[:.]\d{2}(?!\d)/v,
    /\d{1,2}h\d{2}(?:m(?!\p{L}))?/v,
    /\d+(?:st|nd|rd|th)(?!\p{L})/v,
    /\d+(?:\.\d+)?/v,
    /[[\p{L}\p{M}\p{N}@\&]--\d]+(?:'[\p{L}\p{M}]+)*/v,
    /\n/v,
    /\S\p{M}*/v,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gv',
);

/** Signs that say nothing about a time. Any other is a word, and so either understood or reported. */
const ignored = new Set('.!?…\n:\'"“”„«»‹›()[]{}¿¡_');
const endsSentence = new Set('.!?…\n');

/** Splits a text into words. All that is lost are the signs above, spaces, and characters that nobody sees. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let opens = true;
  let end = 0;
  for (const { 0: shape, index } of text.matchAll(shapes)) {
    if (endsSentence.has(shape)) opens = true;
    if (ignored.has(shape)) continue;
    const glued = index === end && /^[\p{L}\p{N}]/v.test(shape) && /[\p{L}\p{N}]$/v.test(words.at(-1)?.text ?? '');
    words.push({ text: shape, ...(opens && { opens }), ...(glued && { glued }) });
    opens = false;
    end = index + shape.length;
  }
  return words;
}

/**
 * One spelling for what looks alike: full-width letters, kinds of quotes, dashes and halves. Letters that merely resemble
 * others stay what they are.
 */
export function plainOf(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Cf}/gv, '')
    .replace(/[\p{Cc}--\n]/gv, ' ')
    .replace(/[！-～]/gv, (wide) => wide.normalize('NFKC'))
    .replace(
      /(\d*) ?([½¼¾])/gv,
      (_, whole, part) => `${whole || 0}${{ '½': '.5', '¼': '.25', '¾': '.75' }[part as '½']} `,
    )
    .toLowerCase()
    .replace(/[‘’]/gv, "'")
    .replace(/[‐-―−]/gv, '-');
}
