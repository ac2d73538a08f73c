import { type Static, Type } from 'typebox';

/** A slot kept for somebody, as the API shows it. It blocks its time until `expires_at`, and not an instant longer. */
export const Hold = Type.Object(
  {
    id: Type.String(),
    account_id: Type.String(),
    /** The host who leads: the first of `user_ids`, whose time is all held. */
    user_id: Type.String(),
    user_ids: Type.Array(Type.String()),
    event_type_id: Type.String(),
    start_time: Type.String(),
    end_time: Type.String(),
    /** Only `held` blocks its time. `booked`: it has become a booking. */
    status: Type.Enum(['held', 'released', 'booked', 'expired']),
    expires_at: Type.String(),
    livemode: Type.Boolean(),
    created_at: Type.String(),
  },
  { title: 'Hold' },
);
export type Hold = Static<typeof Hold>;
