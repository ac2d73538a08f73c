import { DateTime } from 'luxon';
import { windowsOf } from './clauses.ts';
import { isoOf } from './days.ts';
import { english } from './english.ts';
import { parse } from './grammar.ts';
import type { Lexicon } from './lexicon.ts';
import type { Day, DayWindow, Interpretation, Part, Reading } from './model.ts';
import { tokenize } from './tokens.ts';
import { saidZone } from './zones.ts';

/** What was asked, and where and when it was said. */
export interface Utterance {
  readonly text: string;
  /** The speaker's day. */
  readonly today: Day;
  /** Minutes since that day began, on the clock of the zone that the text names, or on the speaker's. */
  readonly nowMinutes: number;
  /** That 4/5 is the fourth of May. Without it, it is the fifth of April. */
  readonly dayFirst?: boolean;
  readonly lexicon?: Lexicon;
}

/**
 * Reads a request for a time. Answers undefined where nothing in it could be understood, or it rules something out and
 * what could not. Other words that were not understood are in `unparsed`; other readings of an ambiguous text are in
 * `alternatives`.
 */
export function interpret({
  text,
  today,
  nowMinutes,
  dayFirst = false,
  lexicon = english,
}: Utterance): Interpretation | undefined {
  const zone = saidZone(text);
  const { parts, unparsed, lacksExclusion } = parse(tokenize(zone?.rest ?? text, lexicon), {
    today,
    nowMinutes,
    dayFirst,
  });
  if (lacksExclusion || !parts.some((part) => part.kind !== 'join')) return undefined;
  const readingOf = (of: readonly Part[]): Reading => ({
    windows: windowsOf(of, today, nowMinutes),
    order: of.find((part) => part.kind === 'order')?.order ?? 'earliest',
    ...durationOf(of),
  });
  const reading = readingOf(parts);
  const say = (of: Reading) => (zone ? `${sayReading(of)}, time of ${zone.timezone}` : sayReading(of));
  const alternatives = otherParts(parts)
    .map(({ parts: changed, because }) => {
      const other = readingOf(changed);
      return { ...other, text: say(other), because };
    })
    .filter((other) => other.windows.length > 0 && other.text !== say(reading));
  return {
    ...reading,
    text: say(reading),
    ...(zone && { timezone: zone.timezone }),
    assumptions: [...assumptionsOf(parts), ...(zone ? [`read ${zone.said} as the time of ${zone.timezone}`] : [])],
    ambiguous: alternatives.length > 0 || unparsed.length > 0,
    alternatives,
    unparsed,
  };
}

function durationOf(parts: readonly Part[]): { durationMinutes?: number } {
  const found = parts.find((part) => part.kind === 'duration');
  return found ? { durationMinutes: found.minutes } : {};
}

/** The parts with one of them read another way, for each other way there is. */
function otherParts(parts: readonly Part[]): { parts: readonly Part[]; because: string }[] {
  const first = parts.find(({ kind }) => kind === 'duration');
  return parts.flatMap((part, index) => {
    if (part.kind === 'duration' && part !== first) {
      const changed = parts.filter((other) => other.kind !== 'duration' || other === part);
      return [{ parts: changed, because: 'several lengths are named' }];
    }
    if (part.kind !== 'dates' && part.kind !== 'times' && part.kind !== 'exclude') return [];
    return (part.others ?? []).map(({ spec, because }) => {
      const read = part.kind === 'exclude' ? { kind: 'dates', spec } : { ...part, spec };
      return { parts: parts.with(index, read as Part), because };
    });
  });
}

function assumptionsOf(parts: readonly Part[]): string[] {
  const said = parts.flatMap((part) =>
    (part.kind === 'dates' || part.kind === 'times') && part.assumption ? [part.assumption] : [],
  );
  const dated = parts.some((part) => part.kind === 'dates' || part.kind === 'not-before');
  return dated ? said : [...said, 'no day was named, so the next 14 days were taken'];
}

const spokenWindows = 4;

/** "Tuesday 24 November 2026 from 12:00 to 17:00, 30 minutes". */
function sayReading({ windows, durationMinutes, order }: Reading): string {
  const shown = windows.slice(0, spokenWindows).map(sayWindow).join('; ');
  const more = windows.length > spokenWindows ? ` and ${windows.length - spokenWindows} more` : '';
  const length = durationMinutes === undefined ? '' : `, ${durationMinutes} minutes`;
  return `${shown || 'no time'}${more}${length}${order === 'latest' ? ', the latest first' : ''}`;
}

function sayWindow({ day, from, to, exact }: DayWindow): string {
  const name = DateTime.fromISO(isoOf(day), { zone: 'utc', locale: 'en' }).toFormat('cccc d LLLL yyyy');
  if (exact) return `${name} at ${clock(from)}`;
  return from === 0 && to === 1440 ? name : `${name} from ${clock(from)} to ${clock(to)}`;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
