import type { SlotTokens } from '@agentcal/shared/http/slot-token';
import type { RouteDeps } from '../route-deps.ts';

export interface CalendarRouteDeps extends RouteDeps {
  readonly slots: SlotTokens;
}
