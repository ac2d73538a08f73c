import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { UserKind } from '@agentcal/shared/resources/user';
import { Limit, Schedule, TimeZone } from '@agentcal/shared/scheduling/model';
import { SealedText } from '@agentcal/shared/vault/schema';
import { Type } from 'typebox';

/**
 * What can have happened to a user: a person, or a resource such as a room. Stream `user-{id}`.
 * Name and e-mail are sealed: `profile` opens to `UserProfile`.
 */

/** What `profile` seals. A resource has no e-mail. */
export interface UserProfile {
  readonly name: string;
  readonly email?: string;
}

/** The user's own, over all their bookings. Absent: none. */
const Limits = Type.Optional(Type.Array(Limit, { maxItems: 8 }));

/**
 * Always the first event. Without a kind it is a person; the kind is for good. Their schedule is Monday to Friday, 09:00 to
 * 17:00 in their zone, until one is set.
 */
export const UserAdded = defineEvent(
  'user.added.v1',
  Type.Object({
    user_id: Type.String(),
    account_id: Type.String(),
    profile: SealedText,
    timezone: TimeZone,
    kind: Type.Optional(UserKind),
    limits: Limits,
  }),
);

/** Profile, zone or limits changed; all as they are from here on. A schedule that was set keeps its own zone. */
export const UserChanged = defineEvent(
  'user.changed.v1',
  Type.Object({ user_id: Type.String(), profile: SealedText, timezone: TimeZone, limits: Limits }),
);

/** The whole schedule, replacing what was there. Bookings already made stay. */
export const UserScheduleSet = defineEvent(
  'user.schedule-set.v1',
  Type.Object({ user_id: Type.String(), schedule: Schedule }),
);

/** Out of office for a range of instants. */
export const UserAwaySet = defineEvent(
  'user.away-set.v1',
  Type.Object({
    user_id: Type.String(),
    away_id: Type.String(),
    start_time: Type.String(),
    end_time: Type.String(),
    reason: Type.Optional(SealedText),
  }),
);

export const UserAwayCleared = defineEvent(
  'user.away-cleared.v1',
  Type.Object({ user_id: Type.String(), away_id: Type.String() }),
);

/** Nothing can be booked with them from here on. Bookings already made stay. */
export const UserRemoved = defineEvent('user.removed.v1', Type.Object({ user_id: Type.String() }));

export const userEvents = [UserAdded, UserChanged, UserScheduleSet, UserAwaySet, UserAwayCleared, UserRemoved] as const;

export type UserEvent = EventOf<(typeof userEvents)[number]>;
