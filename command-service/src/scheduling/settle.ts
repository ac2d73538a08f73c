import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { CalendarCommand } from '../calendar/commands.ts';
import type { CalendarEvent } from '../calendar/events.ts';
import { lettingGo, releaseParts } from '../calendar/execution/release.ts';
import { byCalendar, type OnCalendar, type Steps } from '../calendar/execution/steps.ts';
import { unsealed } from '../calendar/requests/personal.ts';
import { bookingOf, isFreed } from '../calendar/state/state.ts';
import type { CommittedEvent } from '../executor/port.ts';
import { claimStep, partsElsewhere } from './claims.ts';
import type { KnownPlan } from './decider.ts';
import type { PlannedItem } from './events.ts';
import { partIdOf } from './ids.ts';

/** By the calendar that records them, what a completed plan has led to. `closed`: it was too late to move the booking. */
export interface Settled {
  readonly calendars: ReadonlyMap<string, OnCalendar>;
  readonly closed: boolean;
}

/** Carries what a completed plan has decided into its calendars. Safe to do again, whoever has done how much of it. */
export async function settle(steps: Steps, plan: KnownPlan): Promise<Settled> {
  const { planned, bookingIds } = plan;
  const kept = planned.items.filter(({ booking_id }) => bookingIds.includes(booking_id));
  const dropped = planned.items.filter((item) => !kept.includes(item));
  const calendars = new Map<string, OnCalendar>();
  for (const [home, items] of byCalendar(kept, ({ user_id }) => user_id)) {
    const done = planned.kind === 'hold' ? await held(steps, planned, home) : await settled(steps, plan, home, items);
    if (done) calendars.set(home, done);
  }
  const closed = planned.kind === 'move' && isClosed(kept[0]!, [...calendars.values()][0]!);
  await giveBack(steps, plan, closed ? kept : dropped);
  for (const { events } of calendars.values()) await letGo(steps, events);
  return { calendars, closed };
}

function settled(steps: Steps, plan: KnownPlan, home: string, items: readonly PlannedItem[]): Promise<OnCalendar> {
  const { plan_id: planId, attempt } = plan.planned;
  return steps.onCalendar(planId, `settle ${attempt}`, home, settlingCommand(plan, home, items, steps.context.at));
}

/** A hold is what it is to be once it is claimed: as that has left it, whatever became of it since. */
async function held(
  steps: Steps,
  { plan_id: planId, attempt }: KnownPlan['planned'],
  home: string,
): Promise<OnCalendar | undefined> {
  const forgotten = new Refusal('unexpected');
  const repeat = { type: 'RepeatOnly', data: { refusal: forgotten } } as const;
  return steps.onCalendar(planId, claimStep(attempt), home, repeat).catch((error) => {
    if (error !== forgotten) throw error;
    return undefined;
  });
}

/** Gives back every part of these items, also where none is known to be: what comes later is refused. */
export async function giveBack(steps: Steps, { planned }: KnownPlan, items: readonly PlannedItem[]): Promise<void> {
  const { plan_id: planId, account_id: accountId, attempt } = planned;
  const parts = items.flatMap((item) => item.parts);
  for (const [userId, ofUser] of byCalendar(parts, ({ user_id }) => user_id)) {
    const data = { userId, accountId, at: steps.context.at, partIds: ofUser.map(({ part_id }) => part_id) };
    await steps.onCalendar(planId, `give back ${attempt}`, userId, { type: 'ReleaseParts', data });
  }
}

async function letGo(steps: Steps, events: readonly CommittedEvent<CalendarEvent>[]): Promise<void> {
  for (const letting of lettingGo(events)) {
    steps.reached({ position: await releaseParts(steps.executor, steps.context, letting) });
  }
}

/** What a completed plan says to a calendar that records some of its bookings. */
export function settlingCommand(
  { planned }: KnownPlan,
  userId: string,
  items: readonly PlannedItem[],
  at: Instant,
): CalendarCommand {
  const { plan_id: planId, account_id: accountId, attendee, metadata, series_id: seriesId } = planned;
  const { reason, by, if_revision: ifRevision } = planned;
  const of = { userId, accountId, planId, at };
  if (planned.kind === 'move') {
    const item = items[0]!;
    const data = { ...of, bookingId: item.booking_id, ...settledOf(planned, item), reason, by, ifRevision };
    return { type: 'SettleMove', data };
  }
  const bookings = items.map((item) => {
    return { bookingId: item.booking_id, eventTypeId: item.event_type_id, ...settledOf(planned, item) };
  });
  const data = { ...of, seriesId, bookings, attendee: attendee ?? unsealed, metadata: metadata ?? {} };
  return { type: 'SettleBookings', data };
}

function settledOf({ plan_id: planId, attempt, items }: KnownPlan['planned'], item: PlannedItem) {
  return {
    start: Date.parse(item.start_time),
    end: Date.parse(item.end_time),
    partId: partIdOf(planId, attempt, items.indexOf(item), item.user_id),
    userIds: item.user_ids,
    parts: partsElsewhere(item),
    judgedBy: item.judged_by,
    ...(item.expires_at !== undefined && { expiresAt: Date.parse(item.expires_at) }),
  };
}

/** Where the events are known they say it. Long afterwards, a booking that is off cannot have been moved. */
function isClosed({ booking_id: bookingId }: PlannedItem, { events, state }: OnCalendar): boolean {
  if (events.length > 0) return !events.some(({ type }) => type === 'calendar.booking-rescheduled.v1');
  const booking = bookingOf(state, bookingId);
  return !booking || isFreed(booking.status);
}
