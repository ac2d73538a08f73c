import { type Static, Type } from 'typebox';

/** A start that can be booked now. `local_start` has the offset of the zone that was asked for. */
export const Slot = Type.Object(
  {
    start_time: Type.String(),
    end_time: Type.String(),
    local_start: Type.String(),
    weekday: Type.String(),
    user_ids: Type.Array(Type.String()),
    /** Names this start in a hold or a booking, so that nobody need compute with times. Expires. */
    slot_id: Type.Optional(Type.String()),
  },
  { title: 'Slot' },
);
export type Slot = Static<typeof Slot>;
