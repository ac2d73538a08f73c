import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, minute, second } from '@agentcal/shared/kernel/time';
import { claimsFrom } from '../calendar/deciders/judging.ts';
import { pause, type Timing } from '../executor/pauses.ts';
import type { Executor } from '../executor/port.ts';
import * as scheduling from './decider.ts';
import { Desk } from './desk.ts';

/** Whether what stands in the way may be gone in a moment, because the plan that it is of is not decided yet. */
type Transient = (desk: Desk) => Promise<boolean>;

const tries = 6;

/**
 * Judges by the calendars at hand, and where that comes to a refusal, by the calendars as they are now. What is refused
 * because of a plan that may yet be undone is judged again, a few times.
 */
export async function judgedPatiently<T>(
  deps: { readonly executor: Executor; readonly timing: Timing },
  of: { readonly accountId: string; readonly at: Instant; readonly fresh: boolean },
  judge: (desk: Desk) => Promise<T>,
  isTransient: Transient,
): Promise<T> {
  for (let tried = 0; ; tried += 1) {
    const desk = new Desk(deps.executor, { ...of, fresh: of.fresh || tried > 0 });
    try {
      return await judge(desk);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (tried === 0 && !of.fresh) continue;
      if (tried >= tries || !(await isTransient(desk))) throw error;
      await pause(deps.timing, tried, 20, 300);
    }
  }
}

/** How long a plan that nobody carries on stays undecided, at most, before a job undoes it. */
const undecidedMs = minute;
/** The longest that a meeting can be. */
export const longestMs = 24 * 60 * minute;

/** Whether parts around that time, in the calendars that were looked at, are of plans that are not decided. */
export async function isUndecided(
  { executor, at, calendars }: Desk,
  { start, end }: { readonly start: Instant; readonly end: Instant },
): Promise<boolean> {
  const planIds = new Set<string>();
  for (const state of calendars) {
    for (const claim of claimsFrom(state, start - longestMs, end + longestMs)) {
      const isRecent = claim.kind === 'part' && Math.abs(at - claim.claimedAt) < undecidedMs + second;
      if (isRecent) planIds.add(claim.planId);
    }
  }
  for (const planId of planIds) {
    const { state } = await executor.load(scheduling, planId, { fresh: true });
    if (state.phase === 'open' || state.phase === 'refused') return true;
  }
  return false;
}
