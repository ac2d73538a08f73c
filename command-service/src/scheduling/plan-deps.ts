import type { SlotTokens } from '@agentcal/shared/http/slot-token';
import type { Timing } from '../executor/pauses.ts';
import type { Executor } from '../executor/port.ts';

/** What plans are made and carried out with. */
export interface PlanDeps {
  readonly executor: Executor;
  readonly slots: SlotTokens;
  /** Time that passes while somebody else's plan is waited for. Default: the real one. */
  readonly timing?: Timing;
}
