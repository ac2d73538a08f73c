import { type SlotIds, type SlotTokens, wordAt } from '@agentcal/shared/http/slot-token';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { Calendars } from './load.ts';
import type { UsersAt } from './starts.ts';

/**
 * What stands in each slot of a list behind its times, as JSON text: who can take it, and its id, by the slot's place in
 * the list. It is ASCII.
 */
export interface Offers {
  /** How that begins, up to where the ids of slots that are offered alike differ. */
  readonly commonOf: (place: number) => string;
  /** Writes the rest of the id. */
  readonly writeEnding: SlotIds['writeEnding'];
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
    const { beginning, writeEnding } = idsOf(starts, userId, offering);
    const common = commonText([userId], beginning);
    return { commonOf: () => common, writeEnding };
  }
  const users = starts.map(usersAt);
  const { idsAt, placeIn } = idsOfTeam(starts, users, offering);
  return {
    commonOf: (place) => commonText(users[place]!, idsAt(place).beginning),
    writeEnding: (place, into, at) => idsAt(place).writeEnding(placeIn(place), into, at),
  };
}

/** The ids by which slots are booked, by their places in the list. `users` are those who can take each. */
export function slotIdsOf(
  starts: readonly Instant[],
  users: readonly (readonly string[])[],
  offering: Omit<Offering, 'usersAt'>,
): (place: number) => string {
  const { idsAt, placeIn } = idsOfTeam(starts, users, offering);
  return (place) => wordAt(idsAt(place), placeIn(place));
}

/** Ids that leave to the event type who it will be, or each name the first of those who can take the start and were asked about. */
function idsOfTeam(
  starts: readonly Instant[],
  users: readonly (readonly string[])[],
  offering: Omit<Offering, 'usersAt'>,
): { idsAt: (place: number) => SlotIds; placeIn: (place: number) => number } {
  if (offering.books === 'assigned') {
    const ids = idsOf(starts, undefined, offering);
    return { idsAt: () => ids, placeIn: (place) => place };
  }
  const idsAt = new Array<SlotIds>(starts.length);
  const placeIn = new Array<number>(starts.length);
  const oneOf = 'hosts' in offering.query ? offering.query.oneOf : undefined;
  const first = (able: readonly string[]) => oneOf?.find((userId) => able.includes(userId)) ?? able[0];
  for (const [userId, places] of Map.groupBy(starts.keys(), (place) => first(users[place]!))) {
    const theirs = idsOf(
      places.map((place) => starts[place]!),
      userId,
      offering,
    );
    for (const [nth, place] of places.entries()) {
      idsAt[place] = theirs;
      placeIn[place] = nth;
    }
  }
  return { idsAt: (place) => idsAt[place]!, placeIn: (place) => placeIn[place]! };
}

/** Ids that name one user, or nobody. */
function idsOf(
  starts: readonly Instant[],
  userId: string | undefined,
  { slots, query, durationMinutes, now }: Omit<Offering, 'usersAt'>,
): SlotIds {
  const alike = { eventTypeId: query.eventTypeId, durationMinutes, ...(userId !== undefined && { userId }) };
  return slots.issueAll(alike, starts, now);
}

/** Ids have no characters that JSON would escape. */
function commonText(userIds: readonly string[], beginning: string): string {
  return `"user_ids":${userIds.length === 0 ? '[]' : `["${userIds.join('","')}"]`},"slot_id":"${beginning}`;
}
