import { type Context, Cursor, type Read, read } from './cursor.ts';
import { dates } from './dates.ts';
import { amountOf, duration } from './durations.ts';
import { edgeBehind } from './edges.ts';
import { exclusion, exclusionByBut, rulingAt } from './exclusions.ts';
import { ignorable } from './glue.ts';
import type { Part, Said } from './model.ts';
import { relativeTime, times } from './times.ts';
import type { Token } from './tokens.ts';

/** Everything a text says, in order, and the words that nothing could be made of. */
export interface Parsed {
  readonly parts: readonly Part[];
  readonly unparsed: readonly string[];
  /** Something is ruled out, and what could not be read: whatever is answered may be just that. */
  readonly lacksExclusion: boolean;
}

/** Reads tokens from left to right, the longest meaning first. */
export function parse(tokens: readonly Token[], context: Context): Parsed {
  let said: readonly Said[] = [];
  const unparsed: string[] = [];
  let lacksExclusion = false;
  let cursor = new Cursor(tokens);
  while (!cursor.done) {
    const found = nextPart(cursor, context, said);
    if (found) {
      said = found.value;
      cursor = found.next;
    } else {
      if (!isInterjection(cursor) && rulingAt(cursor)) lacksExclusion = true;
      else if (!saysNothing(cursor)) unparsed.push(cursor.token!.text);
      cursor = cursor.skip();
    }
  }
  return { parts: said.map(({ part }) => part), unparsed, lacksExclusion };
}

function saysNothing(cursor: Cursor): boolean {
  return ignorable(cursor.token!) || isInterjection(cursor) || isInfinitive(cursor);
}

/** "No, Tuesday" answers a question. */
function isInterjection(cursor: Cursor): boolean {
  return cursor.means('not') && cursor.token?.opens === true && cursor.peek(1)?.comma === true;
}

/** "to book": before a time, "to" would be where something ends. */
function isInfinitive(cursor: Cursor): boolean {
  return (
    cursor.token?.text === 'to' && (cursor.peek(1)?.filler === true || cursor.skip().after('a', 'the') !== undefined)
  );
}

/** All that was said, with what is said next. */
function nextPart(cursor: Cursor, context: Context, said: readonly Said[]): Read<readonly Said[]> | undefined {
  const one = (found: Read<Part> | undefined) => found && read([found.value], found.next);
  const bounds = one(bound(cursor, context));
  if (!bounds && cursor.means('but')) return exclusionByBut(cursor, context, said);
  if (!bounds && rulingAt(cursor)) return exclusion(cursor, context, said);
  const edge = edgeBehind(cursor, context, said);
  if (edge) return edge;
  const found =
    bounds ??
    joiner(cursor) ??
    partOfToday(cursor, context) ??
    one(order(cursor)) ??
    one(relativeTime(cursor, context)) ??
    longest(cursor, context);
  return (
    found && read([...said, ...found.value.map((part) => ({ part, from: cursor.at, to: found.next.at }))], found.next)
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
  if (!['before', 'after', 'later', 'until'].includes(word?.meaning ?? '')) return undefined;
  return times(cursor, context) ?? dates(cursor, context);
}

function joiner(cursor: Cursor): Read<readonly Part[]> | undefined {
  const comma = cursor.token?.comma === true;
  const joined = comma ? cursor.skip().past('or', 'and', 'else') : cursor.after('or', 'and', 'else');
  const bare = comma && joined?.at === cursor.at + 1;
  return joined && read([{ kind: 'join', ...(bare && { comma: true }) }], joined);
}

/** "tonight", "this afternoon", "later this evening", "within the next two hours": a part of today. */
function partOfToday(cursor: Cursor, context: Context): Read<readonly Part[]> | undefined {
  const { today, nowMinutes } = context;
  const soon = withinHours(cursor);
  if (soon) {
    const to = Math.min(nowMinutes + soon.value, 24 * 60);
    return read(
      [
        { kind: 'dates', spec: { ranges: [{ from: today, to: today }] } },
        { kind: 'times', spec: { from: nowMinutes, to } },
      ],
      soon.next,
    );
  }
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

/** "within two hours", "in the next hour", "over the next 90 minutes": in minutes. Half a day and more is days. */
function withinHours(cursor: Cursor): Read<number> | undefined {
  const opened = cursor.past('in', 'within', 'the');
  const ranged = opened.after('next', 'coming');
  if (!ranged && !cursor.means('within')) return undefined;
  const start = ranged ?? opened;
  const amount = amountOf(start) ?? read(1, start);
  const unit = amount.next.past('of').token?.meaning;
  const minutes = amount.value * (unit === 'hour' ? 60 : unit === 'minute' ? 1 : Number.NaN);
  return minutes > 0 && minutes < 12 * 60 ? read(minutes, amount.next.past('of').skip()) : undefined;
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
  const choice = at.after('any', 'every');
  if (choice?.means('day') || choice?.token?.text === 'time') return read({ kind: 'any' }, choice.skip());
  if (cursor.means('now')) return read({ kind: 'order', order: 'earliest' }, cursor.skip());
  return undefined;
}
