import type { BookingLinks } from '@agentcal/shared/http/booking-links';
import type { SlotTokens } from '@agentcal/shared/http/slot-token';
import type { AccountHolds } from '../../account-holds/cap.ts';
import type { RouteDeps } from '../../route-deps.ts';
import type { Plans } from '../../scheduling/plans.ts';

export interface CalendarRouteDeps extends RouteDeps {
  readonly slots: SlotTokens;
  readonly links: BookingLinks;
  readonly accountHolds: AccountHolds;
  readonly plans: Plans;
}
