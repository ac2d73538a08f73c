import { type Context, type Cursor, type Read, type Rule, read } from './cursor.ts';
import { dates } from './dates.ts';
import { ignorable } from './glue.ts';
import type { DateSpec, Part, Said } from './model.ts';
import { times } from './times.ts';
import type { Token } from './tokens.ts';

type Exclusion = Extract<Part, { kind: 'exclude' }>;
type Ruling = 'not' | 'except' | 'outside' | 'busy' | 'unfit';

/** The word by which something is ruled out, if that is what stands there. */
export function rulingAt({ token }: Cursor): Ruling | undefined {
  const meaning = token?.meaning;
  return ['not', 'except', 'outside', 'busy', 'unfit'].includes(meaning ?? '') ? (meaning as Ruling) : undefined;
}

/**
 * What a word rules out: what follows it ("except Friday", "I'm busy on Monday"), or what stands before it ("Friday doesn't
 * work", "on Monday I'm busy"). Answers everything said so far and now; undefined where the word rules out nothing that
 * could be read.
 */
export function exclusion(cursor: Cursor, context: Context, said: readonly Said[]): Read<readonly Said[]> | undefined {
  const ruling = rulingAt(cursor);
  if (!ruling || (ruling === 'except' && isExcluded(said.at(-1), cursor))) return undefined;
  const right = following(cursor.skip(), context, ruling, said);
  const left = preceding(cursor, said, ruling, right !== undefined);
  if (left && (!right || ruling === 'unfit' || suits(right.first))) return read(left, cursor.skip());
  return right && read([...said, ...ruledOut(right.parts, cursor, right.next)], right.next);
}

/** "next week but Monday", "any day but Monday": what follows is ruled out if there is a choice of days to begin with. */
export function exclusionByBut(
  cursor: Cursor,
  context: Context,
  said: readonly Said[],
): Read<readonly Said[]> | undefined {
  const next = cursor.skip();
  const found = excluded(next, context, true);
  const open =
    said.some(({ part }) => part.kind === 'any') ||
    isChoice(said.findLast(({ part }) => part.kind !== 'join')?.part) ||
    afterEvery(cursor);
  if (!open || !found || rulingAt(next)) return read(said, next);
  if (suits(found.next) || found.next.means('only') || rulingAt(found.next)) return read(said, next);
  if (next.past('on', 'in', 'at', 'after', 'before', 'by', 'from', 'until', 'between').at > next.at) return undefined;
  const right = following(next, context, 'except', said);
  return right && read([...said, ...ruledOut(right.parts, cursor, right.next)], right.next);
}

/** "I'm busy all week except Friday" rules nothing out but from what is ruled out, which is too much to read. */
function isExcluded(last: Said | undefined, { at }: Cursor): boolean {
  return last?.part.kind === 'exclude' && last.to === at;
}

function afterEvery(cursor: Cursor): boolean {
  return ['any', 'every', 'anytime'].includes(cursor.peek(-1)?.meaning ?? '');
}

function isChoice(part: Part | undefined): boolean {
  if (part?.kind !== 'dates') return false;
  const { ranges, weekdays, every } = part.spec;
  return every === true || (weekdays?.length ?? 0) > 1 || (ranges?.some(({ from, to }) => from < to) ?? false);
}

function ruledOut(parts: readonly Exclusion[], { at: from }: Cursor, { at: to }: Cursor): Said[] {
  return parts.map((part) => ({ part, from, to }));
}

// ── What follows ─────────────────────────────────────────────────────────────────────────────────

interface Following {
  readonly parts: readonly Exclusion[];
  /** Behind the first of them. */
  readonly first: Cursor;
  readonly next: Cursor;
}

/**
 * "Friday", "Monday, Tuesday or Friday", "Friday afternoon and before 10". "No mornings on Friday" is about Friday, unless
 * other days were named before.
 */
function following(cursor: Cursor, context: Context, ruling: Ruling, said: readonly Said[]): Following | undefined {
  const hoursOnly = ruling === 'outside';
  const takesDay = !hoursOnly && (ruling !== 'not' || said.some(({ part }) => part.kind === 'dates'));
  const found = excluded(cursor, context, takesDay) ?? excluded(skipFiller(cursor), context, takesDay);
  if (!found || (hoursOnly && (found.value.dates || !found.value.times))) return undefined;
  const parts = [found.value];
  let next = found.next;
  let comma = false;
  for (let more = another(next, context, ruling, takesDay); more; more = another(next, context, ruling, takesDay)) {
    comma = next.token?.comma === true && next.skip().at === more.from.at;
    parts.push(more.found.value);
    next = more.found.next;
  }
  return { parts: comma && ruling !== 'except' ? withDoubt(parts) : parts, first: found.next, next };
}

/** "not Monday, Tuesday": the last may be ruled out as well, or be what is meant instead. */
function withDoubt(parts: readonly Exclusion[]): Exclusion[] {
  const last = parts.at(-1)!;
  if (!last.dates) return [...parts];
  const others = [{ spec: last.dates, because: 'the last day may be meant instead' }];
  return parts.with(-1, { ...last, others });
}

/** "Friday", "mornings", "Friday afternoon", and where it may take the day behind it, "12 to 1 on Friday". */
function excluded(cursor: Cursor, context: Context, takesDay: boolean): Read<Exclusion> | undefined {
  const within = <T extends Part>(rule: Rule<T>, at: Cursor) =>
    at.token?.opens && at.at > 0 ? undefined : rule(at, context);
  const day = within(dates, cursor);
  const time = within(times, day?.next ?? cursor);
  const dayBehind = !day && time && takesDay ? within(dates, time.next) : undefined;
  const one = day ?? (isChoice(dayBehind?.value) ? undefined : dayBehind);
  const last = day ? (time ?? day) : (one ?? time);
  if (!last) return undefined;
  const value = {
    kind: 'exclude' as const,
    ...(one && { dates: one.value.spec }),
    ...(time?.value.kind === 'times' && { times: time.value.spec }),
  };
  return read(value, last.next);
}

/** "not Monday, Tuesday or Friday" goes on; "not this week, next week" does not: a comma alone goes on with weekdays only. */
function another(cursor: Cursor, context: Context, ruling: Ruling, takesDay: boolean) {
  const comma = cursor.token?.comma === true;
  const from = comma ? cursor.skip().past('or', 'and') : cursor.after('or', 'and');
  const found = from && !rulingAt(from) && excluded(from, context, takesDay);
  if (!found || (comma && from.at === cursor.at + 1 && from.token?.weekday === undefined)) return undefined;
  return ruling !== 'except' && suits(found.next) ? undefined : { from, found };
}

function skipFiller(cursor: Cursor): Cursor {
  const skip = (at: Cursor) => at.past('for', 'on', 'at', 'in', 'to', 'within', 'available', 'anytime', 'the', 'of');
  let next = skip(cursor);
  while (next.token?.filler && !next.token.opens && !next.means('suits')) next = skip(next.skip());
  return next;
}

/** "works", "is fine", "would be great". */
function suits(cursor: Cursor): boolean {
  let next = cursor;
  while (next.token?.filler && !next.token.opens && !next.means('suits')) next = next.skip();
  return next.means('suits') && !next.token!.opens;
}

// ── What stands before ───────────────────────────────────────────────────────────────────────────

/** Everything said, with what stands right before the word ruled out. */
function preceding(cursor: Cursor, said: readonly Said[], ruling: Ruling, goesOn: boolean): Said[] | undefined {
  const last = said.at(-1);
  if (!last || ruling === 'except' || ruling === 'outside' || cursor.token!.opens) return undefined;
  const between = cursor.tokens.slice(last.to, cursor.at);
  const near = between.every((token) => ignorable(token) && !token.opens && token.meaning !== 'suits');
  const subject = between.some(({ meaning }) => meaning === 'speaker');
  if (!near || (ruling === 'unfit' ? subject && goesOn : !goesOn && !endsHere(cursor.skip()))) return undefined;
  return takenBack(said, cursor);
}

/** Whether nothing follows that the word could be about: "Friday no video" is no refusal of Friday. */
function endsHere(cursor: Cursor): boolean {
  let next = cursor;
  while (next.token && ignorable(next.token) && !next.token.comma && !next.token.opens) next = next.skip();
  const { token } = next;
  return (
    !token || token.comma === true || token.opens === true || ['and', 'or', 'else', 'but'].includes(token.meaning ?? '')
  );
}

/** The last thing said is ruled out, and with it what it was listed with: "Monday, Tuesday and Friday don't work". */
function takenBack(said: readonly Said[], { at: to, tokens }: Cursor): Said[] | undefined {
  const parts: Exclusion[] = [];
  let left = said;
  let listed = false;
  for (;;) {
    const taken = lastOf(left, tokens);
    if (!taken) break;
    parts.unshift(taken.part);
    left = taken.left;
    const join = left.at(-1);
    if (join?.part.kind !== 'join') break;
    left = left.slice(0, -1);
    const before = left.at(-1);
    const weekdays = isWeekday(taken.part.dates) && before && isWeekday(specsOf(before.part)?.dates);
    if (before?.to !== join.from || (join.part.comma && !(listed && weekdays))) break;
    listed = true;
  }
  const from = left.at(-1)?.to ?? 0;
  return parts.length === 0 ? undefined : [...left, ...parts.map((part) => ({ part, from, to }))];
}

function isWeekday(spec: DateSpec | undefined): boolean {
  return spec?.weekdays !== undefined && !spec.ranges;
}

/** "Friday", "Friday afternoon", "3pm on Friday" at the end of what was said. */
function lastOf(
  said: readonly Said[],
  tokens: readonly Token[],
): { part: Exclusion; left: readonly Said[] } | undefined {
  const [before, last] = [said.at(-2), said.at(-1)];
  const one = last && specsOf(last.part);
  if (!one) return undefined;
  const other = before?.to === last.from && !tokens[last.from]?.opens ? specsOf(before.part) : undefined;
  const both = other && ('dates' in one ? 'times' in other : 'dates' in other);
  return { part: { kind: 'exclude', ...one, ...(both && other) }, left: said.slice(0, both ? -2 : -1) };
}

function specsOf(part: Part): Pick<Exclusion, 'dates' | 'times'> | undefined {
  if (part.kind === 'dates') return { dates: part.spec };
  return part.kind === 'times' ? { times: part.spec } : undefined;
}
