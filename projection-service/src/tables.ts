import type { SelectedOf } from './engine/table.ts';
import type { accounts } from './read-models/accounts/table.ts';
import type { calendarSpans, claims } from './read-models/availability/table.ts';
import type { bookingHosts, bookingSeats, bookings } from './read-models/bookings/table.ts';
import type { eventTypes } from './read-models/event-types/table.ts';
import type { keys, organizations, webhooks } from './read-models/organizations/table.ts';
import type { publicEvents } from './read-models/public-events/table.ts';
import type { away, users } from './read-models/users/table.ts';

/**
 * The read models, as queries see them: all in schema `read`. What a column means stands at its table.
 * Only projections write here.
 */
export interface ReadModel {
  organizations: SelectedOf<(typeof organizations)['columns']>;
  keys: SelectedOf<(typeof keys)['columns']>;
  webhooks: SelectedOf<(typeof webhooks)['columns']>;
  accounts: SelectedOf<(typeof accounts)['columns']>;
  users: SelectedOf<(typeof users)['columns']>;
  away: SelectedOf<(typeof away)['columns']>;
  event_types: SelectedOf<(typeof eventTypes)['columns']>;
  bookings: SelectedOf<(typeof bookings)['columns']>;
  booking_hosts: SelectedOf<(typeof bookingHosts)['columns']>;
  booking_seats: SelectedOf<(typeof bookingSeats)['columns']>;
  claims: SelectedOf<(typeof claims)['columns']>;
  calendar_spans: SelectedOf<(typeof calendarSpans)['columns']>;
  public_events: SelectedOf<(typeof publicEvents)['columns']>;
}

export { readSchema } from './engine/schema.ts';
export { restsAfterFailures } from './reactions/webhooks/dispatcher/terms.ts';
export type { WebhookTables } from './reactions/webhooks/table.ts';
export {
  type PackedBusy,
  type PackedClaims,
  spanMs,
  unpackBusy,
  unpackClaims,
} from './read-models/availability/pack.ts';

/** Which projection fills a table: a read that has to see a write waits for these. */
export const projectionOf = {
  organizations: 'organizations',
  keys: 'organizations',
  webhooks: 'organizations',
  accounts: 'accounts',
  users: 'users',
  away: 'users',
  event_types: 'event-types',
  bookings: 'bookings',
  booking_hosts: 'bookings',
  booking_seats: 'bookings',
  claims: 'availability',
  calendar_spans: 'availability',
  public_events: 'public-events',
} as const satisfies Record<keyof ReadModel, string>;
