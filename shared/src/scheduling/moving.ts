import type { Terms } from './model.ts';

/** By what a booking is moved: its own length stays offered, whatever the event type has now, and it joins no seats. */
export function movingTerms({ seats: _, ...terms }: Terms, durationMinutes: number): Terms {
  const durations = [...new Set([...(terms.durations ?? [terms.duration_minutes]), durationMinutes])];
  return { ...terms, durations };
}
