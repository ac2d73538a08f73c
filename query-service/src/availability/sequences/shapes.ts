import { Refusal } from '@agentcal/shared/kernel/refusal';
import { type Instant, minute, toIso } from '@agentcal/shared/kernel/time';
import { Slot } from '@agentcal/shared/resources/slot';
import { toLocalIso, weekdayOf } from '@agentcal/shared/scheduling/zone';
import { type Static, Type } from 'typebox';
import type { ReadDeps } from '../../deps.ts';
import type { Calendars } from '../load.ts';
import { slotIdsOf } from '../offers.ts';
import { DateOrInstant, DurationMinutes, ShownIn } from '../schemas.ts';
import { usersOf } from '../starts.ts';
import { whomInBody } from '../whom.ts';

/** How sequences are asked for, and how their parts are shown. */

const Gap = (description: string, standard: number) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 7 * 1440, default: standard, description }));

export const Asked = Type.Object({
  parts: Type.Array(
    Type.Object({
      event_type_id: Type.String({ maxLength: 64 }),
      ...whomInBody,
      duration_minutes: DurationMinutes,
    }),
    { minItems: 2, maxItems: 5, description: 'One after the other, in this order' },
  ),
  min_gap_minutes: Gap('Between the end of a part and the start of the next, at least', 0),
  max_gap_minutes: Gap('And at most', 60),
  start_date: DateOrInstant,
  end_date: DateOrInstant,
  timezone: ShownIn('that of the first part’s user'),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 10 })),
});

export const Part = Type.Object({ event_type_id: Type.String(), ...Slot.properties }, { title: 'SequencePart' });

/** @throws {Refusal} `invalid_request` */
export function gapOf({ min_gap_minutes: minMinutes = 0, max_gap_minutes: maxMinutes = 60 }: Static<typeof Asked>) {
  if (minMinutes <= maxMinutes) return { minMinutes, maxMinutes };
  const fault = { pointer: '/body/max_gap_minutes', detail: 'must not be less than min_gap_minutes' };
  throw new Refusal('invalid_request', `${fault.pointer} ${fault.detail}`, { errors: [fault] });
}

/** The starts of one part as slots. */
export function showPart(
  { query, books }: Calendars,
  starts: readonly Instant[],
  { timezone, ...by }: Pick<ReadDeps, 'slots'> & { timezone: string; now: Instant },
): Static<typeof Part>[] {
  const durationMinutes = query.durationMinutes ?? query.terms.duration_minutes;
  const usersAt = usersOf(query);
  const users = starts.map(usersAt);
  const idOf = slotIdsOf(starts, users, { query, books, durationMinutes, ...by });
  return starts.map((start, place) => ({
    event_type_id: query.eventTypeId,
    start_time: toIso(start),
    end_time: toIso(start + durationMinutes * minute),
    local_start: toLocalIso(start, timezone),
    weekday: weekdayOf(start, timezone),
    user_ids: [...users[place]!],
    slot_id: idOf(place),
  }));
}
