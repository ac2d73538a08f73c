import type { DateSpec, Day, Other, Part } from './model.ts';

/** What the rules of dates answer. */
export type Dates = Extract<Part, { kind: 'dates' }>;

export const only = (day: Day): DateSpec => ({ ranges: [{ from: day, to: day }] });
export const span = (from: Day, to: Day): DateSpec => ({ ranges: [{ from, to }] });
export const part = (
  spec: DateSpec,
  extras: { assumption?: string; others?: readonly Other<DateSpec>[] } = {},
): Dates => ({
  kind: 'dates',
  spec,
  ...extras,
});
