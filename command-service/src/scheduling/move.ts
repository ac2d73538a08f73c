import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { type Instant, minute } from '@agentcal/shared/kernel/time';
import type { Sealed } from '@agentcal/shared/vault/port';
import type { Behalf, RescheduleBooking } from '../calendar/commands.ts';
import { requireAllowed } from '../calendar/deciders/policies.ts';
import { requireMatch, requireOpen } from '../calendar/deciders/requirements.ts';
import { findRulesOfMove } from '../calendar/requests/prepare.ts';
import { confirmWithinMs } from '../calendar/requests/rules.ts';
import type { BookingRecord } from '../calendar/state/state.ts';
import { findAnyEventType } from '../event-type/access.ts';
import type { KnownEventType } from '../event-type/decider.ts';
import type { Loaded } from '../executor/port.ts';
import { carryOutPlan } from './arranged.ts';
import { headOf, isPlanned } from './book.ts';
import type { PlanMove, PlannedData } from './commands.ts';
import type { Desk } from './desk.ts';
import { movedItem } from './items.ts';
import { judged } from './judged.ts';
import type { PlanDeps } from './plan-deps.ts';
import { chooseTeam, type Team, type TeamAsk } from './team.ts';

export interface MoveOrder extends Behalf {
  /** Whose calendar records the booking. */
  readonly userId: string;
  readonly accountId: string;
  readonly booking: BookingRecord;
  readonly context: CommandContext;
  readonly start: Instant;
  /** Who is to lead from here on. Absent: whoever does now, where they can. */
  readonly leadId?: string | undefined;
  readonly ifRevision?: number | undefined;
  readonly reason?: Sealed | undefined;
  readonly shownIn?: string | undefined;
}

/**
 * How a booking gets to another time or other hosts: by one command to its calendar, where only that is concerned; by a
 * plan otherwise.
 *
 * @throws {Refusal} where there is no way
 */
export async function prepareMove(deps: PlanDeps, order: MoveOrder): Promise<RescheduleBooking | PlanMove> {
  const { executor } = deps;
  const { userId: home, accountId, booking, context, start, leadId } = order;
  const eventType = await findAnyEventType(executor, accountId, booking.eventTypeId);
  const planner = (attempt: number) => planMove(deps, order, eventType, attempt);
  const plan: PlanMove = {
    type: 'PlanMove',
    carryOut: async (dryRun) => (await carryOutPlan(executor, { context, planner, dryRun })).calendars.get(home)!,
  };
  const lead = (booking.userIds ?? [home])[0];
  const sameLead = leadId === undefined || leadId === lead;
  const alone = !booking.elsewhere && (booking.parts ?? []).length === 0;
  const open = (eventType.state.settings.assignment ?? 'single') === 'single';
  // The event type may have had more hosts when this was asked first.
  if (await isPlanned(executor, context)) return plan;
  if (sameLead && ((alone && open) || start === booking.start)) return direct(deps, order);
  const ask = askOf(order, booking, eventType);
  const asking = { deps, context, accountId, ask, attempt: 1 };
  const { userIds } = await judged(asking, async (desk) => {
    await openBooking(desk, order);
    return chooseTeam(desk, ask);
  });
  return alone && userIds.length === 1 && userIds[0] === home ? direct(deps, order) : plan;
}

async function direct({ executor }: PlanDeps, order: MoveOrder): Promise<RescheduleBooking> {
  const { userId, accountId, booking, context, start, reason, ifRevision, by, policy, shownIn } = order;
  const { at } = context;
  const { rules, eventType } = await findRulesOfMove(executor, accountId, { userId, booking, at });
  const data = {
    ...{ userId, accountId, at, start, reason, ifRevision, bookingId: booking.id },
    ...(by && { by }),
    ...(policy && { policy }),
    confirmWithinMs: confirmWithinMs(eventType.state.settings),
    rules: shownIn === undefined ? rules : { ...rules, shownIn },
  };
  return { type: 'RescheduleBooking', data };
}

async function planMove(
  deps: PlanDeps,
  order: MoveOrder,
  eventType: Loaded<KnownEventType>,
  attempt: number,
): Promise<PlannedData> {
  const { userId: home, accountId, context, reason, by, ifRevision } = order;
  const place = { planId: context.commandId, attempt, index: 0 };
  const asking = { deps, context, accountId, ask: askOf(order, order.booking, eventType), attempt };
  const item = await judged(asking, async (desk) => {
    const booking = await openBooking(desk, order);
    const ask = askOf(order, booking, eventType);
    const team: Team = await chooseTeam(desk, ask);
    const isPending = booking.status === 'pending';
    return movedItem(place, { id: booking.id, home, isPending }, ask, team, desk.at);
  });
  return {
    ...headOf(order, attempt),
    kind: 'move',
    items: [item],
    ...(reason && { reason }),
    ...(by && { by }),
    ...(ifRevision !== undefined && { if_revision: ifRevision }),
  };
}

/** The booking as it is now, where it may be moved. @throws {Refusal} */
async function openBooking(desk: Desk, order: MoveOrder): Promise<BookingRecord> {
  const asked = { ...order, bookingId: order.booking.id, at: desk.at };
  const booking = requireOpen(await desk.calendarOf(order.userId), asked);
  requireMatch(booking, asked);
  requireAllowed(booking, asked);
  return booking;
}

function askOf(order: MoveOrder, booking: BookingRecord, eventType: Loaded<KnownEventType>): TeamAsk {
  const { userId: home, start, leadId, shownIn } = order;
  const { userIds = [home], parts = [], elsewhere = false } = booking;
  const claims = [...parts, ...(elsewhere ? [] : [{ user_id: home, part_id: booking.id }])];
  const current = new Map(
    userIds.flatMap((id) =>
      claims.filter(({ user_id }) => user_id === id).map(({ part_id }) => [id, part_id] as const),
    ),
  );
  const isSingle = (eventType.state.settings.assignment ?? 'single') === 'single';
  const userId = leadId ?? (isSingle ? userIds[0] : undefined);
  return { eventType, start, durationMinutes: (booking.end - booking.start) / minute, userId, current, shownIn };
}
