import { type Context, Cursor, type Read, read } from './cursor.ts';
import { dates } from './dates.ts';
import { duration } from './durations.ts';
import type { Part } from './model.ts';
import { relativeTime, times } from './times.ts';
import type { Token } from './tokens.ts';

/** Everything a text says, in order, and the words that nothing could be made of. */
export interface Parsed {
  readonly parts: readonly Part[];
  readonly unparsed: readonly string[];
}

/** Reads tokens from left to right, the longest meaning first. */
export function parse(tokens: readonly Token[], context: Context): Parsed {
  const parts: Part[] = [];
  const unparsed: string[] = [];
  let cursor = new Cursor(tokens);
  while (!cursor.done) {
    const found = nextPart(cursor, context);
    if (found) {
      parts.push(...found.value);
      cursor = found.next;
    } else {
      const token = cursor.token!;
      if (!ignorable(token)) unparsed.push(token.text);
      cursor = cursor.skip();
    }
  }
  return { parts, unparsed };
}

/** Words of grammar that mean nothing alone. */
const glue = new Set([
  'at',
  'on',
  'in',
  'of',
  'the',
  'a',
  'for',
  'to',
  'from',
  'this',
  'only',
  'available',
  'than',
  'by',
  'day',
  'any',
  'later',
  'next',
  'now',
  'am',
  'around',
]);

function ignorable(token: Token): boolean {
  return (
    token.filler === true ||
    token.comma === true ||
    (token.meaning !== undefined && glue.has(token.meaning)) ||
    token.text === '-'
  );
}

function nextPart(cursor: Cursor, context: Context): Read<readonly Part[]> | undefined {
  const one = (found: Read<Part> | undefined) => found && read([found.value], found.next);
  return (
    joiner(cursor) ??
    partOfToday(cursor, context) ??
    one(bound(cursor, context)) ??
    exclusion(cursor, context) ??
    one(order(cursor)) ??
    one(relativeTime(cursor, context)) ??
    longest(cursor, context)
  );
}

/** A date, a time or a duration: whichever reads more words; a date wins a tie. */
function longest(cursor: Cursor, context: Context): Read<readonly Part[]> | undefined {
  const length = duration(cursor, context);
  const found: Read<Part>[] = [];
  const date = dates(cursor, context);
  if (date) found.push(date);
  if (length) found.push(read({ kind: 'duration', minutes: length.value }, length.next));
  const time = times(cursor, context);
  if (time) found.push(time);
  const best = found.sort((a, b) => b.next.at - a.next.at)[0];
  return best && read([best.value], best.next);
}

/** "not before 10" and "no later than Friday" bound; they exclude nothing. */
function bound(cursor: Cursor, context: Context): Read<Part> | undefined {
  const word = cursor.means('not') ? cursor.peek(1) : undefined;
  if (word?.meaning !== 'before' && word?.meaning !== 'after' && word?.meaning !== 'later' && word?.text !== 'earlier')
    return undefined;
  return times(cursor, context) ?? dates(cursor, context);
}

/** "not Friday", "but no mornings", "except Wednesday or Thursday", "anything but Monday", "other than the 26th". */
function exclusion(cursor: Cursor, context: Context): Read<readonly Part[]> | undefined {
  const but = cursor.token?.text === 'but' ? cursor.skip() : undefined;
  const other = cursor.token?.text === 'other' ? cursor.skip().after('than') : undefined;
  const opened =
    other ??
    (but ?? cursor).after('not', 'except') ??
    (but && cursor.peek(-1)?.meaning === 'anytime' ? but : undefined);
  if (!opened) return undefined;
  const parts: Part[] = [];
  let next = skipFiller(opened);
  for (let found = excluded(next, context); found; found = goesOn(next) && excluded(goesOn(next)!, context)) {
    parts.push(found.value);
    next = found.next;
  }
  return parts.length === 0 ? undefined : read(parts, next);
}

/** "Friday", "mornings", "Friday afternoon". */
function excluded(cursor: Cursor, context: Context): Read<Extract<Part, { kind: 'exclude' }>> | undefined {
  const date = dates(cursor, context);
  const time = times(date?.next ?? cursor, context);
  if (!date && !time) return undefined;
  const value = {
    kind: 'exclude' as const,
    ...(date?.value.kind === 'dates' && { dates: date.value.spec }),
    ...(time?.value.kind === 'times' && { times: time.value.spec }),
  };
  return read(value, (time ?? date)!.next);
}

/** "not Monday, Tuesday or Friday" goes on; "not this week, next week" does not: a comma alone goes on with weekdays only. */
function goesOn(cursor: Cursor): Cursor | undefined {
  const comma = cursor.token?.comma === true;
  const joined = comma ? cursor.skip().past('or', 'and') : cursor.after('or', 'and');
  if (!joined || joined.means('not')) return undefined;
  return comma && joined.at === cursor.at + 1 && joined.token?.weekday === undefined ? undefined : joined;
}

function skipFiller(cursor: Cursor): Cursor {
  let next = cursor.past('for', 'on', 'at', 'in');
  while (next.token?.filler) next = next.skip().past('for', 'on', 'at', 'in');
  return next;
}

function joiner(cursor: Cursor): Read<readonly Part[]> | undefined {
  const joined = cursor.token?.comma ? cursor.skip().past('or', 'and') : cursor.after('or', 'and');
  return joined && read([{ kind: 'join' }], joined);
}

/** "tonight", "this afternoon", "later this evening": a part of today. */
function partOfToday(cursor: Cursor, context: Context): Read<readonly Part[]> | undefined {
  const { today } = context;
  const at = cursor.past('later').after('this');
  const part = at?.token?.dayPart && times(at, context);
  if (part) return read([{ kind: 'dates', spec: { ranges: [{ from: today, to: today }] } }, part.value], part.next);

  if (!cursor.means('tonight')) return undefined;
  return read(
    [
      { kind: 'dates', spec: { ranges: [{ from: today, to: today }] } },
      { kind: 'times', spec: { from: 17 * 60, to: 24 * 60 } },
    ],
    cursor.skip(),
  );
}

/** "asap", "the first available", "the latest you have", "any time". */
function order(cursor: Cursor): Read<Part> | undefined {
  const at = cursor.past('the', 'at');
  if (at.token?.text === 'as' && ['soon', 'early', 'late'].includes(at.peek(1)?.text ?? '')) {
    const rest = at.skip(2);
    const latest = at.peek(1)?.meaning === 'late';
    return read(
      { kind: 'order', order: latest ? 'latest' : 'earliest' },
      rest.token?.text === 'as' ? rest.skip(2) : rest,
    );
  }
  if (at.token?.text === 'soon' || at.token?.text === 'sooner')
    return read({ kind: 'order', order: 'earliest' }, at.skip());
  if (at.means('earliest')) return read({ kind: 'order', order: 'earliest' }, at.skip().past('available'));
  if (at.means('latest')) return read({ kind: 'order', order: 'latest' }, at.skip().past('available'));
  const picks = at.token?.ordinal === 1 || at.means('next') || at.means('last');
  const slot =
    at.peek(1)?.meaning === 'available' || ['slot', 'appointment', 'time', 'spot'].includes(at.peek(1)?.text ?? '');
  if (picks && slot) return read({ kind: 'order', order: at.means('last') ? 'latest' : 'earliest' }, at.skip(2));
  if (at.means('anytime')) return read({ kind: 'any' }, at.skip());
  if (at.means('any') && at.peek(1)?.text === 'time') return read({ kind: 'any' }, at.skip(2));
  if (cursor.means('now')) return read({ kind: 'order', order: 'earliest' }, cursor.skip());
  return undefined;
}
