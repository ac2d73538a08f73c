import type { Deps } from '@agentcal/shared/process/deps';
import type { Consumer } from './engine/consumer.ts';
import { accountsProjection } from './read-models/accounts/projection.ts';
import { availabilityProjection } from './read-models/availability/projection.ts';
import { bookingsProjection } from './read-models/bookings/projection.ts';
import { eventTypesProjection } from './read-models/event-types/projection.ts';
import { organizationsProjection } from './read-models/organizations/projection.ts';
import { usersProjection } from './read-models/users/projection.ts';

/** Everything that follows the log. Reactions join here, made with what they need. */
export function consumersOf(_deps: Deps): readonly Consumer[] {
  return [
    organizationsProjection,
    accountsProjection,
    usersProjection,
    eventTypesProjection,
    bookingsProjection,
    availabilityProjection,
  ];
}
