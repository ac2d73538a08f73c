import type { Consumer, Projection } from './engine/consumer.ts';
import { lifecycleReaction } from './reactions/lifecycle/reaction.ts';
import type { Dispatch } from './reactions/webhooks/dispatch.ts';
import { webhooksReaction } from './reactions/webhooks/reaction.ts';
import { accountsProjection } from './read-models/accounts/projection.ts';
import { availabilityProjection } from './read-models/availability/projection.ts';
import { bookingsProjection } from './read-models/bookings/projection.ts';
import { eventTypesProjection } from './read-models/event-types/projection.ts';
import { organizationsProjection } from './read-models/organizations/projection.ts';
import { publicEventsProjection } from './read-models/public-events/projection.ts';
import { usersProjection } from './read-models/users/projection.ts';

/** The read models. */
export const projections: readonly Projection[] = [
  organizationsProjection,
  accountsProjection,
  usersProjection,
  eventTypesProjection,
  bookingsProjection,
  availabilityProjection,
  publicEventsProjection,
];

/** Everything that follows the log. Reactions are made with the queues that their jobs go to. */
export function consumersOf(queues: ReactionQueues): readonly Consumer[] {
  return [...projections, webhooksReaction(queues.dispatch), lifecycleReaction(queues.lifecycle)];
}

export interface ReactionQueues {
  readonly dispatch: Dispatch;
  readonly lifecycle: Parameters<typeof lifecycleReaction>[0];
}
