import { createHash } from 'node:crypto';
import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import type { Actor } from '@agentcal/shared/kernel/event';
import { commandIdFrom, isId, userOf } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Interval } from '@agentcal/shared/kernel/time';
import type { Deps } from '@agentcal/shared/process/deps';
import type { CalendarCommand } from './calendar/commands.ts';
import * as calendar from './calendar/decider.ts';
import type { Part } from './calendar/events.ts';
import { createLongPast, type LongPast } from './calendar/execution/long-past.ts';
import { releaseParts } from './calendar/execution/release.ts';
import type { Timing } from './executor/pauses.ts';
import type { ExecuteOptions, Executor } from './executor/port.ts';
import { catalogue, openExecutor } from './open-executor.ts';
import { resumePlan } from './scheduling/runner.ts';

/**
 * What machines may ask: jobs, and the service of external calendars. A closed list, and the only way in that does not
 * go through HTTP. People and their keys have the routes.
 */
export type MachineCommand =
  /** The meeting's time is over. Nothing happens where it was cancelled, moved or completed meanwhile. */
  | { readonly type: 'complete-booking'; readonly booking_id: string }
  /** Nobody has answered a request in time. */
  | { readonly type: 'expire-request'; readonly booking_id: string }
  /** Where a booking stands outside. What is absent stays as it is. */
  | {
      readonly type: 'link-booking';
      readonly booking_id: string;
      readonly calendar_event_id?: string;
      readonly meeting_url?: string;
    }
  /** A plan may have been left alone by whoever made it: it is finished where it was decided, undone where not. */
  | { readonly type: 'resume-plan'; readonly plan_id: string }
  /** What an event has said that a booking or hold no longer needs of others' calendars. */
  | { readonly type: 'release-parts'; readonly event_id: string; readonly parts: readonly Part[] }
  /** What one external calendar says of a window: it replaces what it said of that window before. */
  | {
      readonly type: 'mirror-external-busy';
      readonly user_id: string;
      readonly source: string;
      readonly window: Interval;
      readonly busy: readonly Interval[];
    };

/** Why a machine asks, and for whom. */
export interface Cause {
  /** Of what led to it: an event, a notification. One command per cause and type: sent again, it is found again. */
  readonly id: string;
  readonly organizationId: string;
  readonly accountId: string;
  readonly livemode: boolean;
  readonly correlationId?: string;
  readonly actor: Actor & { readonly kind: 'system' | 'provider' };
}

export interface CommandSender {
  /**
   * Safe to send again with the same cause, also from another process. Whether anything came of it is in the answer.
   *
   * @throws {Refusal} as the decider says: `booking_not_due` where it is too early, `not_found` where the calendar does
   *   not know or no longer remembers the booking; `unavailable`, `too_much_contention` and `revision_conflict`: send it
   *   again.
   */
  send(command: MachineCommand, cause: Cause): Promise<{ readonly changed: boolean }>;
  close(): void;
}

export type SenderDeps = Pick<Deps, 'store' | 'bus' | 'clock'> &
  Partial<Pick<Deps, 'log'>> & { readonly timing?: Timing };

/** A machine comes by a calendar once a meeting, and another process or the same one keeps it for requests. */
const maxCacheWeight = 100_000;

/** The executor as a library: the same deciders as behind the routes, and the same revision checks. */
export function createCommandSender({ clock, ...deps }: SenderDeps): CommandSender {
  const executor = openExecutor({ clock, ...deps, maxCacheWeight });
  const longPast = createLongPast(deps.store, catalogue, () => clock.now());
  return {
    send: (command, cause) => carryOut({ executor, longPast }, contextOf(command, cause, clock.now()), command),
    close: () => executor.close(),
  };
}

function contextOf(command: MachineCommand, cause: Cause, at: number): CommandContext {
  const { id, organizationId, accountId, livemode, actor } = cause;
  // Keys of requests are hashed behind the name of a mode, so no caller can name one of these.
  const commandId = commandIdFrom(organizationId, `machine\n${command.type}\n${id}`);
  return {
    commandId,
    fingerprint: createHash('sha256').update(JSON.stringify(command)).digest('base64url'),
    organizationId,
    accountId,
    livemode,
    actor,
    correlationId: cause.correlationId ?? commandId,
    causationId: id,
    at,
  };
}

interface Means {
  readonly executor: Executor;
  readonly longPast: LongPast;
}

async function carryOut(
  { executor, longPast }: Means,
  context: CommandContext,
  command: MachineCommand,
): Promise<{ readonly changed: boolean }> {
  const { at, accountId = '' } = context;
  const ask = async (userId: string, asked: CalendarCommand, options: ExecuteOptions = {}) => {
    const { events } = await executor.execute(calendar, userId, asked, context, options);
    return { changed: events.length > 0 };
  };
  const askAlsoForgotten = async (type: 'CompleteBooking' | 'ExpireRequest', booking_id: string) => {
    const data = { ...bookingOf(booking_id), accountId, at };
    try {
      return await ask(data.userId, { type, data });
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'not_found') throw error;
      const forgotten = await longPast.find(data.userId, data.bookingId);
      if (!forgotten) throw error;
      // Nothing may have been said of it since the log was read.
      return ask(data.userId, { type, data: { ...data, forgotten } }, { ifRevision: forgotten.revision });
    }
  };
  switch (command.type) {
    case 'complete-booking':
      return askAlsoForgotten('CompleteBooking', command.booking_id);
    case 'expire-request':
      return askAlsoForgotten('ExpireRequest', command.booking_id);
    case 'link-booking': {
      const { calendar_event_id: calendarEventId, meeting_url: meetingUrl } = command;
      const data = { ...bookingOf(command.booking_id), accountId, at, calendarEventId, meetingUrl };
      return ask(data.userId, { type: 'LinkBooking', data });
    }
    case 'mirror-external-busy': {
      const { user_id: userId, source, window, busy } = command;
      if (!isId('user', userId)) throw new Refusal('not_found');
      return ask(userId, { type: 'MirrorExternalBusy', data: { userId, accountId, at, source, window, busy } });
    }
    case 'resume-plan':
      return { changed: await resumePlan(executor, context, command.plan_id) };
    case 'release-parts':
      await releaseParts(executor, context, { eventId: command.event_id, parts: command.parts });
      return { changed: true };
  }
}

function bookingOf(bookingId: string): { readonly userId: string; readonly bookingId: string } {
  if (!isId('booking', bookingId)) throw new Refusal('not_found');
  return { userId: userOf(bookingId), bookingId };
}
