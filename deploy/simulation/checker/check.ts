import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import type { Entry } from '../clients/history.ts';
import type { Tenant } from '../clients/tenants.ts';
import type { Engines } from '../processes/engines.ts';
import type { Places } from '../processes/places.ts';
import type { World } from '../world/line.ts';
import { checkClaims } from './claims.ts';
import { checkKeys } from './keys.ts';
import { checkPlans } from './plans.ts';
import { checkReactions } from './reactions.ts';
import { checkRows } from './rows.ts';
import { checkSlots } from './slots.ts';
import { checkStreams } from './streams.ts';
import { checkTenants } from './tenants.ts';
import { checkWebhooks } from './webhooks.ts';
import { checkWrites } from './writes.ts';

/** What there is to see once a run has come to rest. */
export interface Evidence {
  readonly world: World;
  readonly engines: Engines;
  readonly places: Places;
  readonly tenants: readonly Tenant[];
  readonly history: readonly Entry[];
}

export interface Found extends Evidence {
  readonly log: readonly RecordedEvent[];
}

/** Judges a run by the invariants of ARCHITECTURE.md. Shares no code with what it judges but the shapes of events. */
export async function check(evidence: Evidence): Promise<readonly string[]> {
  const found: Found = { ...evidence, log: await evidence.engines.log.everything() };
  const pure = [checkClaims, checkWrites, checkStreams, checkPlans, checkRows, checkReactions];
  const checks = [...pure, checkWebhooks, checkTenants, checkKeys];
  return [...checks.flatMap((one) => one(found)), ...(await checkSlots(evidence))];
}
