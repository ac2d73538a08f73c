import { type Static, Type } from 'typebox';
import { type Instant, minute } from '../kernel/time.ts';

/** Two of the three on whose behalf a booking is changed; the third is the organization, which always may. */
export const sides = ['attendee', 'host'] as const;
export type Side = (typeof sides)[number];

/** What hosts and attendees may do about a booking that is there. Does not bind the organization itself. */
export const ChangePolicy = Type.Object(
  {
    min_notice_minutes: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 527_040, description: 'Not later than so long before the start' }),
    ),
    by: Type.Optional(
      Type.Array(Type.Enum(sides), { maxItems: 2, description: 'Who may; absent: both. [] is the organization alone' }),
    ),
  },
  { additionalProperties: false },
);
export type ChangePolicy = Static<typeof ChangePolicy>;

export type ChangeRefused = 'change_not_allowed' | 'too_late_to_change';

/** Whether a side may change a booking that starts then. Whether the booking is still open is another question. */
export function judgeChange(
  { by = [...sides], min_notice_minutes = 0 }: ChangePolicy,
  { side, start, at }: { readonly side: Side; readonly start: Instant; readonly at: Instant },
): ChangeRefused | undefined {
  if (!by.includes(side)) return 'change_not_allowed';
  return at > start - min_notice_minutes * minute ? 'too_late_to_change' : undefined;
}
