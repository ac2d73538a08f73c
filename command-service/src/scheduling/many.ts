import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { type ProblemCode, Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, minute, toIso } from '@agentcal/shared/kernel/time';
import type { Sealed } from '@agentcal/shared/vault/port';
import { unsealed } from '../calendar/requests/personal.ts';
import { requireFresh } from '../calendar/requests/wanted.ts';
import { fault } from '../calendar/requests/wire.ts';
import { findEventType } from '../event-type/access.ts';
import type { EventTypeSettings } from '../event-type/events.ts';
import { realTiming } from '../executor/pauses.ts';
import { carryOutPlan, type Outcome } from './arranged.ts';
import { isPassing } from './attempt.ts';
import type { PlannedData } from './commands.ts';
import type { Desk } from './desk.ts';
import type { PlannedItem } from './events.ts';
import { bookingItem, supposeClaimed } from './items.ts';
import { mayPass } from './judged.ts';
import { judgedPatiently } from './patience.ts';
import type { PlanDeps } from './plan-deps.ts';
import { chooseTeam, type TeamAsk } from './team.ts';

/** Several bookings of one request: the times of a series, or the parts of a sequence. */
export interface ManyBookings {
  readonly accountId: string;
  readonly context: CommandContext;
  readonly dryRun: boolean | undefined;
  /** Names them together in each of them. */
  readonly seriesId: string;
  readonly mode: 'all' | 'fitting';
  readonly meetings: readonly Meeting[];
  readonly shownIn: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly seal: () => Promise<Sealed>;
  /** What else an event type asks of a booking. @throws {Refusal} */
  readonly check: (settings: EventTypeSettings) => void;
}

export interface Meeting {
  readonly eventTypeId: string;
  readonly start: Instant;
  readonly userId?: string | undefined;
  readonly durationMinutes?: number | undefined;
  /** Of its slot id. */
  readonly expiresAt?: Instant | undefined;
  /** Where in the request it was asked for. */
  readonly pointer: string;
}

/** Calendars that one request may ask about, each as often as there are meetings. It bounds what is appended at once, too. */
export const maxJudged = 2_000;

/** A start that could not be had, and why. */
export interface Misfit {
  readonly start_time: string;
  readonly code: ProblemCode;
}

/** Books them all, or as many as fit: each judged as if those before it were there already. */
export async function bookMany(deps: PlanDeps, order: ManyBookings) {
  const planner = (attempt: number) => plan(deps, order, attempt);
  const { context, dryRun } = order;
  const outcome = await carryOutPlan(deps.executor, { context, planner, dryRun });
  return { ...outcome, misfits: misfitsOf(outcome) };
}

async function plan(deps: PlanDeps, order: ManyBookings, attempt: number): Promise<PlannedData> {
  const { executor, timing = realTiming } = deps;
  const { accountId, context, mode, seriesId, metadata } = order;
  const asks = await Promise.all(order.meetings.map((meeting) => askOf(deps, order, meeting)));
  requireFew(asks);
  const head = { plan_id: context.commandId, account_id: accountId, attempt, mode, kind: 'book' as const };
  let failed: TeamAsk | undefined;
  const judge = async (desk: Desk) => {
    const items: PlannedItem[] = [];
    const misfits: Misfit[] = [];
    for (const [index, ask] of asks.entries()) {
      try {
        const team = await chooseTeam(desk, ask, { terse: true });
        const item = bookingItem({ planId: context.commandId, attempt, index: items.length }, ask, team, desk.at);
        await supposeClaimed(desk, { ...head, items: [item] });
        items.push(item);
      } catch (error) {
        if (!(error instanceof Refusal) || isPassing(error)) throw error;
        failed = ask;
        if (mode === 'all') throw placed(error, ask, order.meetings[index]!);
        misfits.push({ start_time: toIso(ask.start), code: error.code });
      }
    }
    if (items.length === 0) throw new Refusal(misfits[0]!.code);
    return { items, misfits };
  };
  const isTransient = async (desk: Desk) => failed !== undefined && mayPass(desk, context, timeOf(failed));
  // What does not fit is left out without a second look, so the first one has to be at calendars as they are.
  const fresh = mode === 'fitting' || attempt > 1;
  const { items, misfits } = await judgedPatiently(
    { executor, timing },
    { accountId, at: context.at, fresh },
    judge,
    isTransient,
  );
  const attendee = order.dryRun ? unsealed : await order.seal();
  const left = misfits.length > 0 && { misfits };
  return { ...head, items, ...left, attendee, metadata: { ...metadata }, series_id: seriesId };
}

async function askOf({ executor }: PlanDeps, order: ManyBookings, meeting: Meeting): Promise<TeamAsk> {
  const eventType = await findEventType(executor, order.accountId, meeting.eventTypeId);
  const { settings } = eventType.state;
  requireFresh(meeting, order.context.at);
  if (settings.terms.seats !== undefined) throw fault('event_type_id', 'has seats: book each of them by itself');
  order.check(settings);
  const { start, userId, durationMinutes = settings.terms.duration_minutes } = meeting;
  return { eventType, start, durationMinutes, userId, shownIn: order.shownIn };
}

function misfitsOf({ planned, refused }: Outcome): Misfit[] {
  const late = planned.items.flatMap(({ start_time, parts }) => {
    const by = refused.find(({ partIds }) => parts.some(({ part_id }) => partIds.includes(part_id)));
    return by ? [{ start_time, code: by.code }] : [];
  });
  return [...((planned.misfits ?? []) as Misfit[]), ...late].sort((a, b) => (a.start_time < b.start_time ? -1 : 1));
}

function timeOf({ start, durationMinutes }: TeamAsk) {
  return { start, end: start + durationMinutes * minute };
}

/** @throws {Refusal} `too_many_bookings` */
function requireFew(asks: readonly TeamAsk[]): void {
  const judged = asks.reduce((sum, { eventType }) => {
    const { assignment = 'single', hosts = [] } = eventType.state.settings;
    return sum + (assignment === 'single' ? 1 : hosts.length);
  }, 0);
  if (judged <= maxJudged) return;
  throw new Refusal('too_many_bookings', `Hosts times meetings are ${judged}, and ${maxJudged} at most`);
}

/** Says which of several it was. */
function placed({ code, message }: Refusal, { start }: TeamAsk, { pointer }: Meeting): Refusal {
  const errors = [{ pointer, detail: 'could not be booked, so none of them was' }];
  return new Refusal(code, `${toIso(start)}: ${message}`, { errors });
}
