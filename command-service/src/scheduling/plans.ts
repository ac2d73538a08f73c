import { bookTeam, holdTeam, isForTeam, type Made, type TeamBooking, type TeamHold, type TeamOrder } from './book.ts';
import { type MoveOrder, prepareMove } from './move.ts';
import type { PlanDeps } from './plan-deps.ts';

/** What the routes of a calendar leave to plans, because it takes several calendars or leaves open which. */
export interface Plans {
  /** Whether what is wanted is decided by a plan. */
  isForTeam(order: TeamOrder): Promise<boolean>;
  book(order: TeamBooking): Promise<Made>;
  hold(order: TeamHold): Promise<Made>;
  prepareMove(order: MoveOrder): ReturnType<typeof prepareMove>;
}

export function createPlans(deps: PlanDeps): Plans {
  return {
    isForTeam: (order) => isForTeam(deps.executor, order),
    book: (order) => bookTeam(deps, order),
    hold: (order) => holdTeam(deps, order),
    prepareMove: (order) => prepareMove(deps, order),
  };
}
