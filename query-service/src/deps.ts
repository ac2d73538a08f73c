import type { Progress } from '@agentcal/projection-service/progress';
import type { ReadModel } from '@agentcal/projection-service/tables';
import type { BookingLinks } from '@agentcal/shared/http/booking-links';
import type { SlotTokens } from '@agentcal/shared/http/slot-token';
import type { Clock } from '@agentcal/shared/kernel/time';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { LoadCalendars } from './availability/load.ts';

/** What a route of this service is made of. */
export interface ReadDeps {
  /** The read models; every query names its schema by itself. */
  readonly db: Kysely<ReadModel>;
  /** The same database, for the few statements that are prepared once. */
  readonly pool: Pool;
  /** Reads what slots follow from. One for all who ask about them: so they share what was read before. */
  readonly load: LoadCalendars;
  readonly progress: Progress;
  readonly clock: Clock;
  /** Makes the ids by which listed slots are booked. */
  readonly slots: SlotTokens;
  /** What attendees can do about their bookings without a key. */
  readonly links: BookingLinks;
}
