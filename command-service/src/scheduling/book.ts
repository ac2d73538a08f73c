import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { isDerivedCommandId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { minute } from '@agentcal/shared/kernel/time';
import type { Sealed } from '@agentcal/shared/vault/port';
import type { Take } from '../account-holds/cap.ts';
import { requireRoomFor } from '../calendar/deciders/holds.ts';
import { type Written, withSlotIds } from '../calendar/execution/carry-out.ts';
import { unsealed } from '../calendar/requests/personal.ts';
import { findHold } from '../calendar/requests/prepare.ts';
import { requireFresh, type Wanted } from '../calendar/requests/wanted.ts';
import { type HoldRecord, holdOf } from '../calendar/state/state.ts';
import { findAnyEventType, findEventType } from '../event-type/access.ts';
import type { KnownEventType } from '../event-type/decider.ts';
import type { EventTypeSettings } from '../event-type/events.ts';
import type { Executor, Loaded } from '../executor/port.ts';
import { carryOutPlan, type Outcome } from './arranged.ts';
import type { PlannedData } from './commands.ts';
import * as scheduling from './decider.ts';
import type { Desk } from './desk.ts';
import type { PlannedItem } from './events.ts';
import { bookingItem, holdItem, type Place } from './items.ts';
import { type Asking, judged } from './judged.ts';
import type { PlanDeps } from './plan-deps.ts';
import { chooseTeam, gridTimezoneOf, needsPlan, type TeamAsk } from './team.ts';

/** Whether what is wanted is decided by a plan, because it takes several calendars or leaves open which. */
export async function isForTeam(executor: Executor, asked: TeamOrder): Promise<boolean> {
  const { wanted, accountId, context } = asked;
  if ('holdId' in wanted.time) {
    const hold = await findHold(executor, accountId, wanted.time.holdId, wanted.userId!).catch(unlessThere);
    // A repeat may come when its hold has long been forgotten.
    return hold ? (hold.parts?.length ?? 0) > 0 : isPlanned(executor, context);
  }
  const { state } = await findAnyEventType(executor, accountId, wanted.eventTypeId!);
  return needsPlan(state.settings, wanted.userId);
}

function unlessThere(error: unknown): undefined {
  if (!(error instanceof Refusal) || error.code !== 'not_found') throw error;
}

/** Whether this request has a plan already. */
export async function isPlanned(executor: Executor, { commandId }: CommandContext): Promise<boolean> {
  if (!isDerivedCommandId(commandId)) return false;
  return (await executor.load(scheduling, commandId, { fresh: true })).state.phase !== 'absent';
}

export interface TeamOrder {
  readonly accountId: string;
  readonly wanted: Wanted;
  readonly context: CommandContext;
  readonly dryRun?: boolean | undefined;
}

export interface TeamBooking extends TeamOrder {
  readonly shownIn?: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly seal: () => Promise<Sealed>;
  /** What else the event type asks of a booking. @throws {Refusal} */
  readonly check: (settings: EventTypeSettings) => void;
}

export interface TeamHold extends TeamOrder {
  readonly ttlMs: number;
  readonly holder: string;
  /** Counts it against what the account may hold; a repeat is not counted again. @throws {Refusal} */
  readonly take: Take;
}

export interface Made {
  readonly written: Written;
  readonly id: string;
}

/** Books a start, or the hold of one, with as many hosts as the event type asks for. */
export async function bookTeam(deps: PlanDeps, order: TeamBooking): Promise<Made> {
  const { context, wanted, accountId, dryRun } = order;
  const planner = async (attempt: number): Promise<PlannedData> => {
    requireFresh(wanted, context.at);
    const hold = 'holdId' in wanted.time ? await homeHold(deps.executor, order, wanted.time) : undefined;
    const eventType = await findEventType(deps.executor, accountId, wanted.eventTypeId ?? hold!.eventTypeId);
    order.check(eventType.state.settings);
    const place = { planId: context.commandId, attempt, index: 0 };
    const ask = askOf(order, eventType, hold);
    const of: Asking = { deps, context, accountId, ask, attempt };
    const item = await judged(of, (desk) =>
      hold ? heldItem(desk, place, ask, hold, wanted.userId!) : chosenItem(desk, place, ask),
    );
    const attendee = dryRun ? unsealed : await order.seal();
    const { metadata } = order;
    return { ...headOf(order, attempt), kind: 'book', items: [item], attendee, metadata: { ...metadata } };
  };
  const offered = { eventTypeId: wanted.eventTypeId ?? '', at: context.at, byHosts: wanted.userId === undefined };
  const outcome = carryOutPlan(deps.executor, { context, planner, dryRun });
  return onlyOne(await withSlotIds(deps.slots, offered, outcome));
}

/** Holds a start of as many hosts as the event type asks for. */
export async function holdTeam(deps: PlanDeps, order: TeamHold): Promise<Made> {
  const { context, wanted, accountId, dryRun, holder } = order;
  const planner = async (attempt: number): Promise<PlannedData> => {
    requireFresh(wanted, context.at);
    const eventType = await findEventType(deps.executor, accountId, wanted.eventTypeId!);
    const place = { planId: context.commandId, attempt, index: 0 };
    const ask = askOf(order, eventType, undefined);
    const item = await judged({ deps, context, accountId, ask, attempt }, async (desk) => {
      const team = await chooseTeam(desk, ask);
      for (const userId of team.userIds) requireRoomFor(await desk.calendarOf(userId), holder, desk.at);
      return holdItem(place, ask, team);
    });
    if (attempt === 1) await order.take();
    const hold = { expires_at: new Date(context.at + order.ttlMs).toISOString(), holder };
    return { ...headOf(order, attempt), kind: 'hold', items: [item], hold };
  };
  const offered = { eventTypeId: wanted.eventTypeId!, at: context.at, byHosts: wanted.userId === undefined };
  const outcome = carryOutPlan(deps.executor, { context, planner, dryRun });
  return onlyOne(await withSlotIds(deps.slots, offered, outcome));
}

export function headOf({ accountId, context }: Pick<TeamOrder, 'accountId' | 'context'>, attempt: number) {
  return { plan_id: context.commandId, account_id: accountId, attempt, mode: 'all' as const };
}

function homeHold(
  executor: Executor,
  { accountId, wanted }: TeamBooking,
  { holdId }: { readonly holdId: string },
): Promise<HoldRecord> {
  return findHold(executor, accountId, holdId, wanted.userId!);
}

function askOf(
  { wanted, shownIn }: TeamOrder & { readonly shownIn?: string | undefined },
  eventType: Loaded<KnownEventType>,
  hold: HoldRecord | undefined,
): TeamAsk {
  const { terms } = eventType.state.settings;
  const time = 'start' in wanted.time ? wanted.time : undefined;
  const start = time?.start ?? hold!.start;
  const durationMinutes = hold ? (hold.end - hold.start) / minute : (time?.durationMinutes ?? terms.duration_minutes);
  return { eventType, start, durationMinutes, userId: wanted.userId, shownIn };
}

async function chosenItem(desk: Desk, place: Place, ask: TeamAsk): Promise<PlannedItem> {
  return bookingItem(place, ask, await chooseTeam(desk, ask), desk.at);
}

/**
 * The hosts are those of the hold: each part is made of the hold of its calendar. Where an attempt was given up half-way,
 * some of the holds have been spent on it, and their time is as free as any.
 */
async function heldItem(
  desk: Desk,
  place: Place,
  ask: TeamAsk,
  { id, userIds = [], parts = [] }: HoldRecord,
  home: string,
): Promise<PlannedItem> {
  const rules = await desk.rulesOf(ask.eventType, await desk.userOf(home));
  const item = bookingItem(place, ask, { userIds, rules, gridTimezone: await gridTimezoneOf(desk, ask) }, desk.at);
  const ids = new Map([[home, id], ...parts.map(({ user_id, part_id }) => [user_id, part_id] as const)]);
  const made = item.parts.map(async (part) => {
    const hold = holdOf(await desk.calendarOf(part.user_id), ids.get(part.user_id)!);
    return place.attempt > 1 && hold?.outcome !== 'open' ? part : { ...part, hold_id: ids.get(part.user_id)! };
  });
  return { ...item, parts: await Promise.all(made) };
}

function onlyOne({ planned, calendars }: Outcome): Made {
  const { booking_id: id, user_id: home } = planned.items[0]!;
  return { written: calendars.get(home)!, id };
}
