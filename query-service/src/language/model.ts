/**
 * Words of reading a request such as "next Tuesday afternoon, 30 minutes".
 *
 * - part: one thing the text says (a date, a time of day, a duration, an order, an exclusion).
 * - clause: dates × times that belong together; a text may offer several ("Tue morning or Thu at 3").
 * - reading: what the whole text means; an ambiguous text has more than one.
 *
 * Everything here is wall time in the zone of the person who speaks. Days are numbers of days since
 * 1970-01-01, times are minutes of the day.
 */
export type Day = number;

/** Which days. `weekdays` (0 = Sunday) narrows the ranges; without ranges it waits for some from elsewhere in the clause. */
export interface DateSpec {
  /** Both ends inclusive. */
  readonly ranges?: readonly { readonly from: Day; readonly to: Day }[];
  readonly weekdays?: readonly number[];
  /** "Tuesdays", "any Tuesday": every one, where a bare "Tuesday" means the coming one. */
  readonly every?: boolean;
}

/**
 * When a meeting may start. `exact`: at `from` only. `fits`: it must also end by `to`. `eitherHalf`:
 * nothing said whether morning or evening is meant, so what stands beside it may move it by twelve hours.
 */
export interface TimeSpec {
  readonly from: number;
  readonly to: number;
  readonly exact?: boolean;
  readonly fits?: boolean;
  readonly eitherHalf?: boolean;
}

/** Another way to read a part, and how to say it. */
export interface Other<Spec> {
  readonly spec: Spec;
  readonly because: string;
}

export type Part =
  | {
      readonly kind: 'dates';
      readonly spec: DateSpec;
      readonly others?: readonly Other<DateSpec>[];
      readonly assumption?: string;
    }
  | {
      readonly kind: 'times';
      readonly spec: TimeSpec;
      readonly others?: readonly Other<TimeSpec>[];
      readonly assumption?: string;
    }
  | { readonly kind: 'duration'; readonly minutes: number }
  | { readonly kind: 'order'; readonly order: 'earliest' | 'latest' }
  | { readonly kind: 'any' }
  | { readonly kind: 'not-before'; readonly minutesFromNow: number }
  | {
      readonly kind: 'exclude';
      readonly dates?: DateSpec;
      readonly times?: TimeSpec;
      /** Days that may be asked for instead. */
      readonly others?: readonly Other<DateSpec>[];
    }
  /** "or", "and"; `comma` where that is all there is between two parts. */
  | { readonly kind: 'join'; readonly comma?: boolean };

/** A part, and which tokens it was read from. */
export interface Said {
  readonly part: Part;
  readonly from: number;
  readonly to: number;
}

/** Dates × times that belong together. Absent means any; an empty list means that they contradict each other. */
export interface Clause {
  readonly dates?: readonly DateSpec[];
  readonly times?: readonly TimeSpec[];
}

/** A span of one local day in which a meeting may start, as `TimeSpec` says. */
export interface DayWindow extends TimeSpec {
  readonly day: Day;
}

/** What a text means, or one of the things it may mean. */
export interface Reading {
  readonly windows: readonly DayWindow[];
  readonly durationMinutes?: number;
  readonly order: 'earliest' | 'latest';
}

export interface Interpretation extends Reading {
  /** The zone that the text names; without one it is the speaker's. */
  readonly timezone?: string;
  /** The reading said back in words. */
  readonly text: string;
  readonly assumptions: readonly string[];
  /** There are other readings, or words that were not understood and may change this one. */
  readonly ambiguous: boolean;
  readonly alternatives: readonly (Reading & { readonly text: string; readonly because: string })[];
  /** Words that were not understood, in order. Filler ("please", "a meeting") is not among them. */
  readonly unparsed: readonly string[];
}
