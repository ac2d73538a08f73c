import { isoOf } from './days.ts';
import type { DayWindow, Interpretation } from './model.ts';

/** Phrases by class with the reading that is expected, as `brief` writes it. */
export type Phrases = Readonly<Record<string, readonly (readonly [said: string, reading: string])[]>>;

/**
 * A reading on one line, for tables of phrases: `10-20 12:00-17:00; 30 min`. Days with the same hours
 * run together (`10-19..10-23`), `=` is an exact start, `!` a meeting that must also end by then, `in` a zone that is
 * named, `?` what was not understood, `or` another reading.
 */
export function brief(interpretation: Interpretation | undefined): string {
  if (!interpretation) return 'nothing';
  const { windows, durationMinutes, timezone, order, unparsed, alternatives } = interpretation;
  const pieces = [runs(windows)];
  if (durationMinutes !== undefined) pieces.push(`${durationMinutes} min`);
  if (timezone !== undefined) pieces.push(`in ${timezone}`);
  if (order === 'latest') pieces.push('latest');
  if (unparsed.length > 0) pieces.push(`? ${unparsed.join(' ')}`);
  for (const other of alternatives) pieces.push(`or ${runs(other.windows)}`);
  return pieces.join('; ');
}

function runs(windows: readonly DayWindow[]): string {
  const byHours = new Map<string, number[]>();
  for (const window of windows) byHours.set(hours(window), [...(byHours.get(hours(window)) ?? []), window.day]);
  const texts = [...byHours].map(([key, days]) => `${ranges(days)}${key && ` ${key}`}`);
  return texts.join(', ') || 'never';
}

function ranges(days: readonly number[]): string {
  const pieces: [number, number][] = [];
  for (const day of days) {
    const last = pieces.at(-1);
    if (last && day === last[1] + 1) last[1] = day;
    else pieces.push([day, day]);
  }
  return pieces.map(([from, to]) => (from === to ? short(from) : `${short(from)}..${short(to)}`)).join('+');
}

/** Without the year where it is 2026's. */
function short(day: number): string {
  return isoOf(day).replace(/^2026-/, '');
}

function hours({ from, to, exact, fits }: DayWindow): string {
  if (exact) return `=${clock(from)}`;
  return from === 0 && to === 1440 ? '' : `${clock(from)}-${clock(to)}${fits ? '!' : ''}`;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
