import { accountEvents } from './account/events.ts';
import { holdsEvents } from './account-holds/events.ts';
import { calendarEvents } from './calendar/events.ts';
import { eventTypeEvents } from './event-type/events.ts';
import { commandEvents } from './executor/events.ts';
import { organizationEvents } from './organization/events.ts';
import { schedulingEvents } from './scheduling/events.ts';
import { userEvents } from './user/events.ts';

export type { AccountEvent } from './account/events.ts';
export type { CalendarEvent } from './calendar/events.ts';
export type { EventTypeEvent } from './event-type/events.ts';
export type { OrganizationEvent } from './organization/events.ts';
export type { SchedulingEvent } from './scheduling/events.ts';
export type { UserEvent } from './user/events.ts';

/** Every event that can stand in the log: the published catalogue. */
export const eventDefinitions = [
  ...organizationEvents,
  ...accountEvents,
  ...userEvents,
  ...eventTypeEvents,
  ...calendarEvents,
  ...schedulingEvents,
  ...holdsEvents,
  ...commandEvents,
] as const;
