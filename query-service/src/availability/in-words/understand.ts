import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, day as msPerDay, minute as msPerMinute } from '@agentcal/shared/kernel/time';
import type { Terms } from '@agentcal/shared/scheduling/model';
import { type Zone, zoneOf } from '@agentcal/shared/scheduling/zone';
import { interpret } from '../../language/interpret.ts';
import type { Interpretation } from '../../language/model.ts';
import { hullOf, type Span, spanOf } from './spans.ts';

/** What a text asks for, in one zone. */
export interface Understood {
  readonly read: Interpretation;
  /** Whose clock its windows are of: the one that the text names, or the speaker's. */
  readonly zone: Zone;
  readonly spans: readonly Span[];
  /** Of each of `read.alternatives`; empty where one is too far away to be looked up along with the rest. */
  readonly otherSpans: readonly (readonly Span[])[];
}

const examples = '“next Tuesday afternoon, 30 minutes”, “tomorrow after 3”, “the week of the 26th, mornings”, “asap”';
/** A year, and what a change of clocks can add to its last day. */
const longestMs = 366 * msPerDay + 2 * 60 * msPerMinute;

/**
 * Reads a text as said now in a zone. Refusals do not repeat it: people say all kinds of things.
 *
 * @throws {Refusal} `query_not_understood`, `range_too_long`
 */
export function understand(text: string, now: Instant, speaker: Zone, dayFirst = false): Understood {
  const { read, zone } = readIn(text, now, speaker, dayFirst);
  if (!read) throw notUnderstood(`It names no time that could be read, or rules out what could not; try ${examples}`);
  if (read.windows.length === 0) throw notUnderstood(`What it names is over or contradicts itself; try ${examples}`);
  const spansOf = ({ windows }: Pick<Interpretation, 'windows'>) => windows.map((window) => spanOf(window, zone));
  const spans = spansOf(read);
  if (!isListable(spans)) throw new Refusal('range_too_long', 'The text asks for more than 366 days at once');
  let known: readonly Span[] = spans;
  const otherSpans = read.alternatives.map((other) => {
    const wider = [...known, ...spansOf(other)];
    if (!isListable(wider)) return [];
    const theirs = wider.slice(known.length);
    known = wider;
    return theirs;
  });
  return { read, zone, spans, otherSpans };
}

/** Days are the speaker's; times, and what of them is over, are of the zone that the text names. */
function readIn(text: string, now: Instant, speaker: Zone, dayFirst: boolean) {
  const today = speaker.dayAt(now);
  const readBy = (zone: Zone) => {
    const nowMinutes = Math.floor((now + zone.offsetAt(now) - today * msPerDay) / msPerMinute);
    return { read: interpret({ text, today, nowMinutes, dayFirst }), zone };
  };
  const said = readBy(speaker);
  const { timezone = speaker.id } = said.read ?? {};
  return timezone === speaker.id ? said : readBy(zoneOf(timezone));
}

function notUnderstood(detail: string): Refusal {
  return new Refusal('query_not_understood', detail);
}

function isListable(spans: readonly Span[]): boolean {
  const { start, end } = hullOf(spans);
  return end - start <= longestMs;
}

/** @throws {Refusal} `duration_not_offered` */
export function requireDuration({ durationMinutes }: Interpretation, terms: Terms): void {
  const offered = [...new Set([terms.duration_minutes, ...(terms.durations ?? [])])];
  if (durationMinutes === undefined || offered.includes(durationMinutes)) return;
  const detail = `The text asks for ${durationMinutes} minutes; offered are ${offered.join(', ')}`;
  throw new Refusal('duration_not_offered', detail);
}
