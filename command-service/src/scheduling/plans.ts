import { bookTeam, holdTeam, type Made, type TeamBooking, type TeamHold, type TeamOrder } from './book.ts';
import { type MoveOrder, prepareMove } from './move.ts';
import type { PlanDeps } from './plan-deps.ts';
import { decideWhere, type Ways } from './where.ts';

/** What the routes of a calendar leave to plans, because it takes several calendars or leaves open which. */
export interface Plans {
  /** Decides a new booking or hold in one of two ways, a repeat in the way in which it was decided first. */
  decide<T>(order: TeamOrder, ways: Ways<T>): Promise<T>;
  book(order: TeamBooking): Promise<Made>;
  hold(order: TeamHold): Promise<Made>;
  prepareMove(order: MoveOrder): ReturnType<typeof prepareMove>;
}

export function createPlans(deps: PlanDeps): Plans {
  return {
    decide: (order, ways) => decideWhere(deps.executor, order, ways),
    book: (order) => bookTeam(deps, order),
    hold: (order) => holdTeam(deps, order),
    prepareMove: (order) => prepareMove(deps, order),
  };
}
