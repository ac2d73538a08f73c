import { endingLength, type SlotTokens } from '@agentcal/shared/http/slot-token';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { Calendars } from './load.ts';
import type { UsersAt } from './starts.ts';

/**
 * What stands in each slot of a list behind its times, as JSON text: who can take it, and its id. `common` is how that begins
 * for every slot, `restOf` how it goes on for the one at a place in the list, to the end of the slot.
 */
export interface Offers {
  readonly common: string;
  readonly restOf: (place: number) => string;
}

/** By what slots are made offers of. */
export interface Offering extends Pick<Calendars, 'query' | 'books'> {
  readonly slots: SlotTokens;
  readonly usersAt: UsersAt;
  readonly durationMinutes: number;
  readonly now: Instant;
}

export function offersOf(starts: readonly Instant[], offering: Offering): Offers {
  const { query, usersAt } = offering;
  if (!('hosts' in query)) {
    const { userId } = query.host;
    const { beginning, endingOf } = idsOf(starts, userId, offering, '"}');
    return { common: `"user_ids":${jsonOf([userId])},"slot_id":"${beginning}`, restOf: endingOf };
  }
  const users = starts.map(usersAt);
  const idOf = slotIdsOf(starts, users, offering);
  return { common: '"user_ids":', restOf: (place) => `${jsonOf(users[place]!)},"slot_id":"${idOf(place)}"}` };
}

/** The ids by which slots are booked, by their places in the list. `users` are those who can take each. */
export function slotIdsOf(
  starts: readonly Instant[],
  users: readonly (readonly string[])[],
  offering: Omit<Offering, 'usersAt'>,
): (place: number) => string {
  if (offering.books === 'first') return idsOfFirst(starts, users, offering);
  const { beginning, endingOf } = idsOf(starts, undefined, offering);
  return (place) => beginning + endingOf(place);
}

/** Ids that name one user, or nobody. */
function idsOf(
  starts: readonly Instant[],
  userId: string | undefined,
  { slots, query, durationMinutes, now }: Omit<Offering, 'usersAt'>,
  behind = '',
) {
  const alike = { eventTypeId: query.eventTypeId, durationMinutes, ...(userId !== undefined && { userId }) };
  const { beginning, endings } = slots.issueAll(alike, starts, now, behind);
  const length = endingLength + behind.length;
  return { beginning, endingOf: (place: number) => endings.slice(place * length, (place + 1) * length) };
}

/** Ids that each name the first of those who can take the start and were asked about. */
function idsOfFirst(
  starts: readonly Instant[],
  users: readonly (readonly string[])[],
  offering: Omit<Offering, 'usersAt'>,
): (place: number) => string {
  const ids = new Array<string>(starts.length);
  const oneOf = 'hosts' in offering.query ? offering.query.oneOf : undefined;
  const first = (able: readonly string[]) => oneOf?.find((userId) => able.includes(userId)) ?? able[0];
  const byUser = Map.groupBy(starts.keys(), (place) => first(users[place]!));
  for (const [userId, places] of byUser) {
    const theirs = places.map((place) => starts[place]!);
    const { beginning, endingOf } = idsOf(theirs, userId, offering);
    places.forEach((place, i) => {
      ids[place] = beginning + endingOf(i);
    });
  }
  return (place) => ids[place]!;
}

/** Ids have no characters that JSON would escape. */
function jsonOf(userIds: readonly string[]): string {
  return userIds.length === 0 ? '[]' : `["${userIds.join('","')}"]`;
}
