import { type Cursor, firstOf, type Read, type Rule, read } from './cursor.ts';

/** How long: "30 minutes", "half an hour", "an hour and a half", "90-minute", "1h30". In minutes. */
export const duration: Rule<number> = (cursor) => {
  const start = cursor.past('for');
  const first = firstOf(oneWord, halfHour, hoursAndMore, amountOfMinutes)(start, { today: 0, nowMinutes: 0 });
  if (!first || first.value < 5 || first.value > 24 * 60) return undefined;
  return first;
};

const oneWord: Rule<number> = (cursor) =>
  cursor.token?.span === undefined || hourMark(cursor) !== undefined
    ? undefined
    : read(cursor.token.span, cursor.skip());

/** "17h", "17h30": from nine on that is a time of day, as nobody meets for so long; unless it is said to be for so long. */
export function hourMark(cursor: Cursor): Read<number> | undefined {
  const { token } = cursor;
  if (cursor.peek(-1)?.meaning === 'for') return undefined;
  const short = token?.number !== undefined && Number.isInteger(token.number) && cursor.peek(1)?.text === 'h';
  const minutes = short ? token.number! * 60 : token?.span;
  if (minutes === undefined || minutes < 9 * 60 || minutes >= 24 * 60) return undefined;
  return read(minutes, cursor.skip(short ? 2 : 1));
}

/** "half an hour", "a half hour", "half hour", "three quarters of an hour", "quarter of an hour". */
const halfHour: Rule<number> = (cursor) => {
  const start = cursor.past('a');
  const half = start.after('half');
  const hour = half?.past('a', 'to').after('hour');
  if (hour) return read(30, hour);
  const count = start.token?.number;
  const quarters = count === undefined ? start : start.skip();
  const behind =
    quarters.token?.meaning === 'quarter' || quarters.token?.text === 'quarters' ? quarters.skip() : undefined;
  const unit = behind?.past('of', 'a').after('hour');
  return unit && read((count ?? 1) * 15, unit);
};

/** "an hour", "2 hours", "1.5 hours", "two and a half hours", "an hour and a half", "1 hour 30 minutes". */
const hoursAndMore: Rule<number> = (cursor) => {
  const amount = amountOf(cursor);
  if (!amount || hourMark(cursor)) return undefined;
  const half = amount.next.means('and', 'a', 'half') ? amount.next.skip(3) : undefined;
  const unit = dashed(half ?? amount.next).after('hour');
  if (!unit) return undefined;
  const hours = amount.value + (half ? 0.5 : 0);
  if (unit.means('and', 'a', 'half')) return read(hours * 60 + 30, unit.skip(3));
  const more = amountOfMinutes(unit.past('and'), { today: 0, nowMinutes: 0 });
  return more ? read(hours * 60 + more.value, more.next) : read(hours * 60, unit);
};

const amountOfMinutes: Rule<number> = (cursor) => {
  const amount = amountOf(cursor);
  const unit = amount && dashed(amount.next).after('minute');
  return unit && read(amount.value, unit);
};

/** "2", "two", "a", "a couple of". */
export function amountOf(cursor: Cursor): Read<number> | undefined {
  const start = cursor.past('the');
  const article = start.token?.meaning === 'a';
  const number = (article ? start.peek(1) : start.token)?.number;
  if (number !== undefined) return read(number, start.skip(article ? 2 : 1).past('of'));
  return article ? read(1, start.skip()) : undefined;
}

function dashed(cursor: Cursor): Cursor {
  return cursor.token?.text === '-' ? cursor.skip() : cursor;
}
