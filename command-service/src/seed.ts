import { hashKey, hintOf } from '@agentcal/shared/http/keys';
import { scopes } from '@agentcal/shared/http/principal';
import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import type { Position } from '@agentcal/shared/kernel/event';
import { commandIdFrom, deriveId } from '@agentcal/shared/kernel/ids';
import type { Deps } from '@agentcal/shared/process/deps';
import type { Timing } from './executor/pauses.ts';
import { openExecutor } from './open-executor.ts';
import * as organization from './organization/decider.ts';

/** An organization to try the product with, in test mode. The keys are made and kept by whoever starts it. */
export interface Seed {
  readonly organizationId: string;
  readonly secretKey: string;
  readonly publishableKey: string;
}

/** Registers the organization with these keys, or finds it registered. Safe to repeat, after a crash too. Answers where in the log. */
export async function seedOrganization(
  { store, bus, clock, timing }: Pick<Deps, 'store' | 'bus' | 'clock'> & { readonly timing?: Timing },
  { organizationId, secretKey, publishableKey }: Seed,
): Promise<Position> {
  const executor = openExecutor({ store, bus, clock, ...(timing && { timing }) });
  const context = (what: string): CommandContext => {
    const commandId = commandIdFrom(organizationId, `seed\n${what}`);
    const who = { organizationId, livemode: false, actor: { kind: 'system', id: 'seed' } } as const;
    return { ...who, commandId, fingerprint: what, correlationId: commandId, at: clock.now() };
  };
  const [secretHash, publishableHash] = [hashKey(secretKey), hashKey(publishableKey)];
  const name = 'First key';
  const key = { name, hash: secretHash, hint: hintOf(secretKey), livemode: false, scopes };
  const register = {
    type: 'RegisterOrganization',
    data: {
      organizationId,
      name: 'Test organization',
      plan: 'free',
      key: { ...key, keyId: deriveId('key', secretHash) },
    },
  } as const;
  const issue = {
    type: 'IssuePublishableKey',
    data: { keyId: deriveId('key', publishableHash), name, key: publishableKey, livemode: false },
  } as const;
  try {
    await executor.execute(organization, organizationId, register, context(secretHash));
    const { position } = await executor.execute(organization, organizationId, issue, context(publishableHash));
    return position;
  } finally {
    executor.close();
  }
}
