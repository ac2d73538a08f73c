import { endingLength, type SlotTokens } from '@agentcal/shared/http/slot-token';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { Calendars } from './load.ts';
import type { UsersAt } from './starts.ts';

/** What stands in each slot of a list beside its times, as text: by the place of its start in the list. */
export interface Offers {
  /** JSON: who can take it. */
  readonly usersOf: (place: number) => string;
  readonly slotIdOf: (place: number) => string;
}

/** By what slots are made offers of. */
export interface Offering extends Pick<Calendars, 'query' | 'books'> {
  readonly slots: SlotTokens;
  readonly usersAt: UsersAt;
  readonly durationMinutes: number;
  readonly now: Instant;
}

export function offersOf(starts: readonly Instant[], offering: Offering): Offers {
  const { query, usersAt, books } = offering;
  if (!('hosts' in query)) {
    const users = jsonOf([query.host.userId]);
    return { usersOf: () => users, slotIdOf: idsOf(starts, query.host.userId, offering) };
  }
  const users = starts.map(usersAt);
  const slotIdOf = books === 'assigned' ? idsOf(starts, undefined, offering) : idsOfFirst(starts, users, offering);
  return { usersOf: (place) => jsonOf(users[place]!), slotIdOf };
}

/** The ids that name one user, or nobody. */
function idsOf(starts: readonly Instant[], userId: string | undefined, offering: Offering): Offers['slotIdOf'] {
  const { slots, query, durationMinutes, now } = offering;
  const alike = { eventTypeId: query.eventTypeId, durationMinutes, ...(userId !== undefined && { userId }) };
  const { beginning, endings } = slots.issueAll(alike, starts, now);
  return (place) => beginning + endings.slice(place * endingLength, (place + 1) * endingLength);
}

/** The ids that each name the first of those who can take the start and were asked about. */
function idsOfFirst(
  starts: readonly Instant[],
  users: readonly (readonly string[])[],
  offering: Offering,
): Offers['slotIdOf'] {
  const ids = new Array<string>(starts.length);
  const oneOf = 'hosts' in offering.query ? offering.query.oneOf : undefined;
  const first = (able: readonly string[]) => oneOf?.find((userId) => able.includes(userId)) ?? able[0];
  const byUser = Map.groupBy(starts.keys(), (place) => first(users[place]!));
  for (const [userId, places] of byUser) {
    const idOf = idsOf(
      places.map((place) => starts[place]!),
      userId,
      offering,
    );
    places.forEach((place, i) => {
      ids[place] = idOf(i);
    });
  }
  return (place) => ids[place]!;
}

/** Ids have no characters that JSON would escape. */
function jsonOf(userIds: readonly string[]): string {
  return userIds.length === 0 ? '[]' : `["${userIds.join('","')}"]`;
}
