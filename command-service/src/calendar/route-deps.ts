import type { BookingLinks } from '@agentcal/shared/http/booking-links';
import type { SlotTokens } from '@agentcal/shared/http/slot-token';
import type { Timing } from '../executor/pauses.ts';
import type { RouteDeps } from '../route-deps.ts';

export interface CalendarRouteDeps extends RouteDeps {
  readonly slots: SlotTokens;
  readonly links: BookingLinks;
  /** Time that passes while somebody else's plan is waited for. */
  readonly timing?: Timing;
}
