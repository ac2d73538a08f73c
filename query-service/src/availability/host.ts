import {
  type PackedBusy,
  type PackedClaims,
  type ReadModel,
  unpackBusy,
  unpackClaims,
} from '@agentcal/projection-service/tables';
import type { Instant } from '@agentcal/shared/kernel/time';
import { defaultSchedule } from '@agentcal/shared/resources/user';
import type { HostCalendar, Limit, Schedule } from '@agentcal/shared/scheduling/model';
import type { EventTypeRow, UserCalendarRow } from './calendar-query.ts';
import { ParsedByText } from './parsed.ts';

export type EventTypeSettings = ReadModel['event_types']['settings'];

/** Makes what the slot engine asks for out of a row, and remembers what many rows share. */
export function createUnpack() {
  const schedules = new ParsedByText<Schedule>();
  const calendars = new ParsedByText<Omit<HostCalendar, 'userId' | 'schedule'>>();
  const settings = new ParsedByText<EventTypeSettings>();
  const ofAccounts = new ParsedByText<Schedule>();
  return {
    host: (userId: string, { timezone, schedule, limits = null, away, spans }: UserCalendarRow): HostCalendar => ({
      userId,
      schedule: schedules.get(userId, schedule ?? timezone, () =>
        schedule === null ? defaultSchedule(timezone) : JSON.parse(schedule),
      ),
      ...calendars.get(userId, `${limits}\n${away}\n${spans}`, () => calendarOf(limits, away, spans)),
    }),
    settings: (eventTypeId: string, row: EventTypeRow): EventTypeSettings =>
      settings.get(eventTypeId, row.settings, () => JSON.parse(row.settings)),
    /** Of the account as a whole, where it has hours. */
    accountHours: (accountId: string, { account_schedule: text }: EventTypeRow): Schedule | undefined =>
      text === null ? undefined : ofAccounts.get(accountId, text, () => JSON.parse(text)),
  };
}

function calendarOf(...[limits, away, spans]: readonly (string | null)[]): Omit<HostCalendar, 'userId' | 'schedule'> {
  const own: readonly Limit[] = JSON.parse(limits ?? '[]');
  const outside: readonly [Instant, Instant][] = JSON.parse(away ?? '[]');
  const packed: readonly [number, PackedClaims, PackedBusy][] = JSON.parse(spans ?? '[]');
  return {
    ...(own.length > 0 && { limits: own }),
    away: outside.map(([start, end]) => ({ start, end })),
    busy: packed.flatMap(([span, , busy]) => unpackBusy(busy, span)),
    claims: packed.flatMap(([span, claims], index) => unpackClaims(claims, span, index === 0)),
  };
}

const never: Schedule = { timezone: 'UTC', rules: [] };

/**
 * The calendar of a host who has been removed: still one of those whom it takes, and never able. Without them a meeting
 * that needs them would seem to be possible.
 */
export function removedHost(userId: string): HostCalendar {
  return { userId, schedule: never, away: [], busy: [], claims: [] };
}

export function isRemoved({ schedule }: HostCalendar): boolean {
  return schedule === never;
}
