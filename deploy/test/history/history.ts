import type { RecordedEvent } from '@agentcal/shared/kernel/event';

/**
 * What was asked of a running product, what it answered, and what stood in its log, at its receivers and in its lists in
 * the end. `judge.ts` says whether these can all be true.
 */
export interface History {
  readonly invocations: readonly Invocation[];
  /** The whole log, in its order. */
  readonly log: readonly RecordedEvent[];
  /** Webhooks, as they arrived. */
  readonly received: readonly Delivered[];
  /** Bookings, as the API lists them. */
  readonly listed: readonly Listed[];
}

/** One thing that a client wanted. However often it asks, it sends the same key, so it is one command. */
export interface Invocation {
  readonly commandId: string;
  readonly what: What;
  /** The booking or hold that it is about, where that was there before. */
  readonly subject?: string;
  /** The start that it asks for. */
  readonly start?: string;
  readonly tries: readonly Outcome[];
}

export type What = 'book' | 'hold' | 'book-held' | 'release' | 'move' | 'cancel' | 'confirm' | 'decline' | Together;

/** What makes several bookings, or none. */
export type Together = 'series' | 'sequence';

/** What a client was told of one try, and when. */
export type Outcome =
  | {
      readonly kind: 'acknowledged';
      readonly id: string;
      readonly position: string;
      readonly at: number;
      /** Of a series or a sequence: those that were made. */
      readonly bookings?: readonly string[];
    }
  | { readonly kind: 'refused'; readonly code: string; readonly askedAt: number }
  /** No answer, or one that says that it may have happened. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** An answer that no client should ever see. */
  | { readonly kind: 'broken'; readonly status: number };

export interface Delivered {
  readonly eventId: string;
  readonly subject: string;
}

export interface Listed {
  readonly id: string;
  readonly status: string;
  readonly start: string;
}

/** A rule that a history breaks. */
export interface Violation {
  readonly rule: Rule;
  readonly detail: string;
}

export const rules = [
  'dense revisions',
  'growing positions',
  'an event once',
  'no broken answer',
  'acknowledged: in the log',
  'refused: not in the log',
  'in the log once',
  'an answer is what the log says',
  'a repeat is answered the same',
  'nothing unasked',
  'no overlap',
  'a live hold becomes one booking',
  'nothing follows the end',
  'a plan ends',
  'parts are of bookings',
  'told',
  'told in order',
  'told nothing else',
  'lists are folds',
] as const;
export type Rule = (typeof rules)[number];

export const violation = (rule: Rule, detail: string): Violation => ({ rule, detail });
