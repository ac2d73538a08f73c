import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, minute } from '@agentcal/shared/kernel/time';
import { holidaysAround } from '@agentcal/shared/scheduling/holidays';
import type { Hours } from '@agentcal/shared/scheduling/model';
import * as account from '../../account/decider.ts';
import type { KnownEventType } from '../../event-type/decider.ts';
import type { EventTypeSettings } from '../../event-type/events.ts';
import type { Executor, Loaded } from '../../executor/port.ts';
import { awayOf, type KnownUser, scheduleOf } from '../../user/decider.ts';
import type { Rules } from '../commands.ts';
import { fault } from './wire.ts';

/** What the streams of a user, an event type and an account say of a start, in the shape of a calendar's commands. */
export async function rulesFrom(
  executor: Executor,
  eventType: Loaded<KnownEventType>,
  user: KnownUser,
  { at, shownIn = user.timezone }: { readonly at: Instant; readonly shownIn?: string | undefined },
): Promise<Rules> {
  const within = await hoursAround(executor, eventType.state, at);
  return {
    eventTypeId: eventType.state.id,
    eventTypeRevision: eventType.revision,
    terms: eventType.state.settings.terms,
    host: await hostOf(user, at),
    ...(within && { within }),
    shownIn,
  };
}

/** By the user's state: the engine reads a schedule once per object. */
const hosts = new WeakMap<KnownUser, Rules['host']>();

async function hostOf(user: KnownUser, at: Instant): Promise<Rules['host']> {
  let host = hosts.get(user);
  if (!host) {
    host = { schedule: scheduleOf(user), away: awayOf(user), limits: user.limits };
    hosts.set(user, host);
  }
  return withHolidays(host, at);
}

/** Hours that hold besides the host's own: the event type's or else the account's, where there are any. */
async function hoursAround(
  executor: Executor,
  { accountId, settings }: KnownEventType,
  at: Instant,
): Promise<Hours | undefined> {
  if (settings.hours) return withHolidays({ schedule: settings.hours }, at);
  const { state } = await executor.load(account, accountId);
  const schedule = state.status === 'absent' ? undefined : account.hoursOf(state);
  return schedule && withHolidays({ schedule }, at);
}

async function withHolidays<H extends Hours>(hours: H, at: Instant): Promise<H> {
  const { holidays } = hours.schedule;
  return holidays ? { ...hours, holidays: await holidaysAround(holidays, new Date(at).getUTCFullYear()) } : hours;
}

/** Whose calendar a booking goes into: the user who was named, or the only host there is. @throws {Refusal} */
export function requireHost({ hosts = [] }: EventTypeSettings, userId: string | undefined): string {
  if (userId === undefined) {
    const [only] = hosts;
    if (only && hosts.length === 1) return only.user_id;
    throw fault(
      'user_id',
      hosts.length === 0 ? 'is required: the event type names no host' : 'must name one of the hosts',
    );
  }
  if (hosts.length === 0 || hosts.some(({ user_id }) => user_id === userId)) return userId;
  throw new Refusal('host_unavailable', 'The user is not a host of the event type');
}

const defaultConfirmMinutes = 3 * 24 * 60;

export function confirmWithinMs({ confirm_within_minutes = defaultConfirmMinutes }: EventTypeSettings): number {
  return confirm_within_minutes * minute;
}

/** Whether the host has to confirm a booking that starts then. */
export function needsConfirmation(
  { requires_confirmation: rule = false }: EventTypeSettings,
  start: Instant,
  at: Instant,
): boolean {
  return typeof rule === 'boolean' ? rule : start - at < rule.below_notice_minutes * minute;
}
