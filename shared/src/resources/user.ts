import { type Static, Type } from 'typebox';
import { Limit, type Schedule } from '../scheduling/model.ts';

/** A resource is a room or something else that is needed at a meeting and has hours and a calendar like a person. */
export const UserKind = Type.Union([Type.Literal('person'), Type.Literal('resource')]);
export type UserKind = Static<typeof UserKind>;

/** `null` once the person has been erased. */
const Personal = Type.Union([Type.String(), Type.Null()]);

/** A schedulable person or resource. A resource has no e-mail. `calendar_id` names their destination calendar once one is connected. */
export const User = Type.Object(
  {
    id: Type.String(),
    account_id: Type.String(),
    kind: UserKind,
    name: Personal,
    email: Personal,
    timezone: Type.String(),
    limits: Type.Array(Limit, { description: 'Their own, over all their bookings, of whatever event type' }),
    calendar_id: Type.Union([Type.String(), Type.Null()]),
    created_at: Type.String(),
  },
  { title: 'User' },
);
export type User = Static<typeof User>;

/** Out of office. */
export const Away = Type.Object(
  {
    id: Type.String(),
    user_id: Type.String(),
    start_time: Type.String(),
    end_time: Type.String(),
    reason: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'Away' },
);
export type Away = Static<typeof Away>;

/** Monday to Friday, 09:00 to 17:00: what a user has until a schedule is set. */
export function defaultSchedule(timezone: string): Schedule {
  return {
    timezone,
    rules: [1, 2, 3, 4, 5].map((day_of_week) => ({ day_of_week, start_time: '09:00', end_time: '17:00' })),
    overrides: [],
    travel: [],
  };
}
