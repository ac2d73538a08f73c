import { InstantText } from '@agentcal/shared/http/schemas';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { Slot } from '@agentcal/shared/resources/slot';
import { LocalDate, TimeZone } from '@agentcal/shared/scheduling/model';
import { isTimeZone } from '@agentcal/shared/scheduling/zone';
import { Type } from 'typebox';

/** The shapes that the questions about free time share. */

export const ofAccount = Type.Object({ account_id: Type.String() });

export const DateOrInstant = Type.Union([LocalDate, InstantText]);

export const DurationMinutes = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 1440, description: 'One of the event type’s; default: its first' }),
);

/** How a zone to show times in is named. @param whose - the default, in words */
export const ShownIn = (whose: string) =>
  Type.Optional({ ...TimeZone, description: `IANA time zone; default: ${whose}` });

export const availability = {
  data: Type.Array(Slot),
  timezone: Type.String(),
  speak: Type.String({ description: 'At most three options, as a voice would say them' }),
  reason: Type.Optional(Type.String({ description: 'Why there is none: the code of a refused booking' })),
  nearest: Type.Optional(Type.Array(Slot, { description: 'Where there is none: the nearest that can be booked' })),
};

/** What of the read models slots follow from. */
export const config = {
  scope: 'availability:read',
  reads: ['accounts', 'users', 'away', 'event_types', 'calendar_spans'],
} as const;

/** @throws {Refusal} `invalid_time_zone` */
export function requireTimeZone(name: string | undefined, part: 'query' | 'body'): void {
  if (name === undefined || isTimeZone(name)) return;
  const errors = [{ pointer: `/${part}/timezone`, detail: 'must be an IANA time zone, such as America/New_York' }];
  throw new Refusal('invalid_time_zone', undefined, { errors });
}
