import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { Type } from 'typebox';

/**
 * The holds that an account has in all of its calendars. Stream `holds-{accountId}`. It only counts: that a hold is
 * there, for how long, and what became of it is said by the calendar that it is in, and by nothing here.
 */

/** A hold was placed a moment ago. It counts until it expires, or is found to have ended before. */
export const HoldCounted = defineEvent(
  'holds.counted.v1',
  Type.Object({
    account_id: Type.String(),
    hold_id: Type.String(),
    /** The key that placed it. */
    holder: Type.String(),
    expires_at: Type.String(),
  }),
);

/** Released or booked, it is not known when: they were looked up because there was no more room. */
export const HoldsFoundEnded = defineEvent(
  'holds.found-ended.v1',
  Type.Object({ account_id: Type.String(), hold_ids: Type.Array(Type.String()) }),
);

export const holdsEvents = [HoldCounted, HoldsFoundEnded] as const;

export type HoldsEvent = EventOf<(typeof holdsEvents)[number]>;
