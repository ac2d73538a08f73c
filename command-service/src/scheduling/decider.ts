import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import type { ProblemCode } from '@agentcal/shared/kernel/refusal';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { PlanCommand, PlannedData } from './commands.ts';
import type { SchedulingEvent } from './events.ts';

/**
 * One plan, stream `scheduling-{planId}`: the point at which a request that spans calendars is decided, once.
 *
 * - open: planned, and maybe claimed in part. Decided by what comes first: `completed`, or a refusal that undoes it.
 * - completed: its bookings happen. What is left to do is told by nobody, and safe to do again.
 * - refused: to be undone in every calendar.
 * - undone: nothing of the attempt is left; `answer` where no other attempt follows.
 */
export type PlanState = { readonly phase: 'absent' } | KnownPlan;

export interface KnownPlan {
  readonly phase: 'open' | 'completed' | 'refused' | 'undone';
  /** The last attempt. */
  readonly planned: PlannedData;
  readonly plannedAt: Instant;
  /** Why the last attempt was refused. */
  readonly code?: ProblemCode;
  /** The refusal that the request is answered with for good. */
  readonly answer?: ProblemCode;
  /** Of a completed plan: those of its items that happen. */
  readonly bookingIds: readonly string[];
  /** Items that did not fit, with the reason, where as many as fit were wanted. */
  readonly refused: readonly { readonly partIds: readonly string[]; readonly code: ProblemCode }[];
}

export const category = 'scheduling';

export const initial: PlanState = { phase: 'absent' };

/**
 * Quiet where somebody else has decided otherwise: whoever carries a plan out goes by the state that is answered, and
 * cannot know what others did meanwhile.
 */
export function decide({ type, data }: PlanCommand, plan: PlanState): readonly SchedulingEvent[] {
  switch (type) {
    case 'Plan': {
      const next = plan.phase === 'absent' ? 1 : isOver(plan) ? undefined : plan.planned.attempt + 1;
      const mayPlan = plan.phase === 'absent' || plan.phase === 'undone';
      return mayPlan && data.attempt === next ? [{ type: 'scheduling.planned.v1', data }] : [];
    }
    case 'CompletePlan': {
      if (!isOpen(plan, data.attempt)) return [];
      const of = { plan_id: plan.planned.plan_id, attempt: data.attempt };
      return [
        ...claimed(of, data.claimed),
        ...data.refused.map(({ userId, partIds, code }): SchedulingEvent => {
          const refused = { ...of, user_id: userId, part_ids: [...partIds], code };
          return { type: 'scheduling.part-refused.v1', data: refused };
        }),
        { type: 'scheduling.completed.v1', data: { ...of, booking_ids: [...data.bookingIds] } },
      ];
    }
    case 'RefusePlan': {
      if (!isOpen(plan, data.attempt)) return [];
      const of = { plan_id: plan.planned.plan_id, attempt: data.attempt };
      const { userId, partIds, code } = data.refused;
      const refused = { ...of, ...(userId !== undefined && { user_id: userId }), part_ids: [...partIds], code };
      return [...claimed(of, data.claimed), { type: 'scheduling.part-refused.v1', data: refused }];
    }
    case 'UndoPlan': {
      if (plan.phase === 'absent' || !mayUndo(plan, data)) return [];
      const { plan_id } = plan.planned;
      const code = data.code !== undefined && { code: data.code };
      return [{ type: 'scheduling.undone.v1', data: { plan_id, attempt: data.attempt, ...code } }];
    }
    case 'RepeatOnly':
      throw data.refusal;
  }
}

export function evolve(plan: PlanState, { type, data, metadata }: FoldedEvent<SchedulingEvent>): PlanState {
  if (type === 'scheduling.planned.v1') {
    const plannedAt = Date.parse(metadata.occurred_at);
    return { phase: 'open', planned: data, plannedAt, bookingIds: [], refused: [] };
  }
  if (plan.phase === 'absent') return plan;
  switch (type) {
    case 'scheduling.part-claimed.v1':
      return plan;
    case 'scheduling.part-refused.v1': {
      const code = data.code as ProblemCode;
      return { ...plan, phase: 'refused', code, refused: [...plan.refused, { partIds: data.part_ids, code }] };
    }
    case 'scheduling.completed.v1':
      return { ...plan, phase: 'completed', bookingIds: data.booking_ids };
    case 'scheduling.undone.v1':
      return { ...plan, phase: 'undone', ...(data.code !== undefined && { answer: data.code as ProblemCode }) };
  }
}

function isOpen(plan: PlanState, attempt: number): plan is KnownPlan {
  return plan.phase === 'open' && plan.planned.attempt === attempt;
}

/** Whether the request has its answer. */
export function isOver(plan: KnownPlan): boolean {
  return plan.phase === 'completed' || plan.answer !== undefined;
}

function mayUndo(plan: KnownPlan, { attempt, code }: { attempt: number; code?: ProblemCode | undefined }): boolean {
  if (plan.planned.attempt !== attempt || plan.answer !== undefined) return false;
  switch (plan.phase) {
    case 'open':
      return false;
    case 'refused':
      return true;
    // A booking was closed before it could be moved, and so the move does not happen after all.
    case 'completed':
      return plan.planned.kind === 'move' && code !== undefined;
    // No other attempt follows after all.
    case 'undone':
      return code !== undefined;
  }
}

function claimed(
  of: { readonly plan_id: string; readonly attempt: number },
  parts: readonly { readonly userId: string; readonly partIds: readonly string[] }[],
): SchedulingEvent[] {
  return parts.map(({ userId, partIds }) => {
    return { type: 'scheduling.part-claimed.v1', data: { ...of, user_id: userId, part_ids: [...partIds] } };
  });
}
