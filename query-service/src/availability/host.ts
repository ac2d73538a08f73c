import { type ReadModel, unpackBusy, unpackClaims } from '@agentcal/projection-service/tables';
import { defaultSchedule } from '@agentcal/shared/resources/user';
import type { HostCalendar, Schedule } from '@agentcal/shared/scheduling/model';
import type { EventTypeRow, UserCalendarRow } from './calendar-query.ts';
import { ParsedByRevision } from './parsed.ts';

export type EventTypeSettings = ReadModel['event_types']['settings'];

/** Makes what the slot engine asks for out of a row, and remembers what many rows share. */
export function createUnpack() {
  const schedules = new ParsedByRevision<Schedule>();
  const settings = new ParsedByRevision<EventTypeSettings>();
  const ofAccounts = new ParsedByRevision<Schedule>();
  return {
    host: (userId: string, row: UserCalendarRow): HostCalendar => ({
      userId,
      schedule: schedules.get(userId, row.user_revision, () => scheduleOf(row)),
      ...(row.limits && row.limits.length > 0 && { limits: row.limits }),
      away: row.away?.map(([start, end]) => ({ start, end })) ?? [],
      busy: row.spans?.flatMap(([span, , busy]) => unpackBusy(busy, span)) ?? [],
      claims: row.spans?.flatMap(([span, claims], index) => unpackClaims(claims, span, index === 0)) ?? [],
    }),
    settings: (eventTypeId: string, row: EventTypeRow): EventTypeSettings =>
      settings.get(eventTypeId, row.event_type_revision, () => JSON.parse(row.settings)),
    /** Of the account as a whole, where it has hours. */
    accountHours: (accountId: string, { account_revision, account_schedule }: EventTypeRow): Schedule | undefined =>
      account_schedule === null
        ? undefined
        : ofAccounts.get(accountId, account_revision, () => JSON.parse(account_schedule)),
  };
}

function scheduleOf({ schedule, timezone }: UserCalendarRow): Schedule {
  return schedule === null ? defaultSchedule(timezone) : JSON.parse(schedule);
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
