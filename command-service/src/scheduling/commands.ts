import type { Command } from '@agentcal/shared/kernel/decider';
import type { ProblemCode, Refusal } from '@agentcal/shared/kernel/refusal';
import type { Written } from '../calendar/execution/carry-out.ts';
import type { SchedulingEvent } from './events.ts';

/** Everything that may be asked of one plan, stream `scheduling-{planId}`. */
export type PlanCommand = Plan | CompletePlan | RefusePlan | UndoPlan | RepeatOnly;

export type PlannedData = Extract<SchedulingEvent, { type: 'scheduling.planned.v1' }>['data'];

/** Parts of one calendar. */
export interface PartsOf {
  readonly userId: string;
  readonly partIds: readonly string[];
}

export interface RefusedParts extends PartsOf {
  readonly code: ProblemCode;
}

/** The first attempt, or the next after one that was undone. */
export type Plan = Command<'Plan', PlannedData>;

interface OfAttempt {
  readonly attempt: number;
  readonly claimed: readonly PartsOf[];
}

/** Every part of these bookings is claimed. The plan is decided from here on. */
export type CompletePlan = Command<
  'CompletePlan',
  OfAttempt & { readonly bookingIds: readonly string[]; readonly refused: readonly RefusedParts[] }
>;

/** Something has refused, or somebody else takes over a plan that has come to a halt: nothing of it is to stay. */
export type RefusePlan = Command<
  'RefusePlan',
  OfAttempt & { readonly refused: Omit<RefusedParts, 'userId'> & { readonly userId?: string } }
>;

/** No calendar has anything of the attempt any more. With a code, that is the answer for good. */
export type UndoPlan = Command<'UndoPlan', { readonly attempt: number; readonly code?: ProblemCode | undefined }>;

/** Finds a request's plan, if it is the repeat of one that had a plan. */
export type RepeatOnly = Command<'RepeatOnly', { readonly refusal: Refusal }>;

/**
 * Plans the attempt of that number, by the calendars as they are now.
 *
 * @throws {Refusal} where that is not possible: the answer to the request
 */
export type Planner = (attempt: number) => Promise<PlannedData>;

/** A move that takes other calendars than the booking's own. Stands where a command to that calendar would. */
export interface PlanMove {
  readonly type: 'PlanMove';
  readonly carryOut: (dryRun: boolean | undefined) => Promise<Written>;
}
