import { isId } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant } from '@agentcal/shared/kernel/time';
import { findAnyEventType, findEventType } from '../../event-type/access.ts';
import type { KnownEventType } from '../../event-type/decider.ts';
import type { Executor, Loaded } from '../../executor/port.ts';
import { findAnyUser } from '../../user/access.ts';
import type { Rules } from '../commands.ts';
import * as calendar from '../decider.ts';
import { type BookingRecord, bookingOf, type CalendarState, type HoldRecord, holdOf } from '../state/state.ts';
import { requireHost, rulesFrom } from './rules.ts';
import type { Wanted } from './wanted.ts';

/** Looks up, in the streams that a command is judged by besides the calendar's own, what it has to carry. */

export interface Sought {
  readonly eventType: Loaded<KnownEventType>;
  readonly userId: string;
  readonly rules: Rules;
  readonly hold?: HoldRecord;
}

/** Whose calendar is meant: said in the request, or by the event type that has one host. @throws {Refusal} */
export async function findHost(executor: Executor, accountId: string, wanted: Wanted): Promise<string> {
  if (wanted.userId !== undefined) return wanted.userId;
  const { state } = await findAnyEventType(executor, accountId, wanted.eventTypeId!);
  return requireHost(state.settings, undefined);
}

/**
 * What a new claim is judged by.
 *
 * @throws {Refusal} `not_found` for what is of another account, removed or retired; `host_unavailable` where nobody was
 *   named, and the host whom the event type names has been removed
 */
export async function findRules(
  executor: Executor,
  accountId: string,
  { userId, wanted, at, shownIn }: { userId: string; wanted: Wanted; at: Instant; shownIn?: string | undefined },
): Promise<Sought> {
  const user = await findAnyUser(executor, accountId, userId);
  if (user.state.status === 'removed') throw wanted.userId === undefined ? hostRemoved() : new Refusal('not_found');
  const hold = 'holdId' in wanted.time ? await findHold(executor, accountId, wanted.time.holdId, userId) : undefined;
  const eventType = await findEventType(executor, accountId, wanted.eventTypeId ?? hold!.eventTypeId);
  requireHost(eventType.state.settings, userId);
  const rules = await rulesFrom(executor, eventType, user.state, { at, shownIn });
  return { eventType, userId, rules, ...(hold && { hold }) };
}

/** Reads only what tells how to judge it; whether it is still live is the calendar's to say. */
export async function findHold(
  executor: Executor,
  accountId: string,
  holdId: string,
  userId: string,
): Promise<HoldRecord> {
  const hold = await inCalendar(executor, userId, (state) =>
    state.accountId === accountId ? holdOf(state, holdId) : undefined,
  );
  if (!hold) throw new Refusal('not_found', 'There is no such hold');
  return hold;
}

/** A booking of the account. @throws {Refusal} `not_found` */
export async function findBooking(
  executor: Executor,
  accountId: string,
  bookingId: string,
  userId: string,
): Promise<BookingRecord> {
  const booking = isId('booking', bookingId)
    ? await inCalendar(executor, userId, (state) =>
        state.accountId === accountId ? bookingOf(state, bookingId) : undefined,
      )
    : undefined;
  if (!booking) throw new Refusal('not_found');
  return booking;
}

/** What a move is judged by: also with an event type that was retired, since its bookings stay. */
export async function findRulesOfMove(
  executor: Executor,
  accountId: string,
  { userId, booking, at }: { userId: string; booking: BookingRecord; at: Instant },
): Promise<Sought> {
  const user = await findAnyUser(executor, accountId, userId);
  if (user.state.status === 'removed') throw hostRemoved();
  const eventType = await findAnyEventType(executor, accountId, booking.eventTypeId);
  return { eventType, userId, rules: await rulesFrom(executor, eventType, user.state, { at }) };
}

function hostRemoved(): Refusal {
  return new Refusal('host_unavailable', 'The host has been removed');
}

/** Looks in the state at hand first; what is not there may be younger than it. */
async function inCalendar<T>(
  executor: Executor,
  userId: string,
  look: (state: CalendarState) => T | undefined,
): Promise<T | undefined> {
  const { state } = await executor.load(calendar, userId);
  return look(state) ?? look((await executor.load(calendar, userId, { fresh: true })).state);
}
