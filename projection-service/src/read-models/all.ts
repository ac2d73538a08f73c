import type { Projection } from '../engine/consumer.ts';
import { accountsProjection } from './accounts/projection.ts';
import { availabilityProjection } from './availability/projection.ts';
import { bookingsProjection } from './bookings/projection.ts';
import { eventTypesProjection } from './event-types/projection.ts';
import { organizationsProjection } from './organizations/projection.ts';
import { usersProjection } from './users/projection.ts';

/** Every read model. */
export const projections: readonly Projection[] = [
  organizationsProjection,
  accountsProjection,
  usersProjection,
  eventTypesProjection,
  bookingsProjection,
  availabilityProjection,
];
