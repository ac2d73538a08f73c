import { Metadata } from '@agentcal/shared/http/schemas';
import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { Schedule } from '@agentcal/shared/scheduling/model';
import { Type } from 'typebox';

/** What can have happened to a connected account, one business of our customer. Stream `account-{id}`. */

/** Always the first event. Its mode is its key's, for good. */
export const AccountConnected = defineEvent(
  'account.connected.v1',
  Type.Object({
    account_id: Type.String(),
    organization_id: Type.String(),
    name: Type.String(),
    metadata: Metadata,
    livemode: Type.Boolean(),
  }),
);

/** Name or metadata changed; both are given whole, as they are from here on. */
export const AccountRenamed = defineEvent(
  'account.renamed.v1',
  Type.Object({ account_id: Type.String(), name: Type.String(), metadata: Metadata }),
);

/**
 * When the business is open, whole. It holds besides each user's own hours, for every event type that has no hours of
 * its own. Bookings already made stay.
 */
export const AccountScheduleSet = defineEvent(
  'account.schedule-set.v1',
  Type.Object({ account_id: Type.String(), schedule: Schedule }),
);

/** From here on only users' own hours hold. It does not close the business. */
export const AccountScheduleCleared = defineEvent(
  'account.schedule-cleared.v1',
  Type.Object({ account_id: Type.String() }),
);

/** It answers as absent from here on, and so does everything in it. Its history stays. */
export const AccountDeleted = defineEvent('account.deleted.v1', Type.Object({ account_id: Type.String() }));

export const accountEvents = [
  AccountConnected,
  AccountRenamed,
  AccountScheduleSet,
  AccountScheduleCleared,
  AccountDeleted,
] as const;

export type AccountEvent = EventOf<(typeof accountEvents)[number]>;
