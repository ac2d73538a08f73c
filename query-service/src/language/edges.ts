import { type Context, type Cursor, type Read, read } from './cursor.ts';
import { type Dates, span } from './date-part.ts';
import { firstDayOf, lastDayOf, openEndDays } from './dates.ts';
import type { DateSpec, Said, TimeSpec } from './model.ts';

type Edge = 'earliest' | 'latest';

/** "Friday at the latest", "3pm at the earliest": what was said last is not the day or the time itself but an edge. */
export function edgeBehind(
  cursor: Cursor,
  { today }: Context,
  said: readonly Said[],
): Read<readonly Said[]> | undefined {
  const at = cursor.after('at', 'by')?.past('the');
  const edge = at?.token?.meaning;
  const [before, last] = [said.at(-2), said.at(-1)];
  if (!at || (edge !== 'earliest' && edge !== 'latest') || last?.to !== cursor.at) return undefined;
  const index = before?.part.kind === 'times' && before.to === last.from ? -2 : -1;
  const { part, ...where } = said.at(index)!;
  if (part.kind === 'times')
    return read(said.with(index, { ...where, part: { ...part, spec: hours(part.spec, edge) } }), at.skip());
  if (part.kind !== 'dates') return undefined;
  const others = part.others?.map((other) => ({ ...other, spec: days(other.spec, edge, today) }));
  const edged: Dates = { ...part, spec: days(part.spec, edge, today), ...(others && { others }) };
  return read(said.with(index, { ...where, part: edged }), at.skip());
}

function hours({ from, to, exact, ...more }: TimeSpec, edge: Edge): TimeSpec {
  if (edge === 'earliest') return { ...more, from, to: 24 * 60 };
  return { ...more, from: 0, to: exact ? from : to, fits: true };
}

function days(spec: DateSpec, edge: Edge, today: number): DateSpec {
  const day = edge === 'earliest' ? firstDayOf(spec, today) : lastDayOf(spec, today);
  if (day === undefined) return spec;
  return edge === 'earliest' ? span(day, day + openEndDays - 1) : span(today, day);
}
