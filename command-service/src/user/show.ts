import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { User } from '@agentcal/shared/resources/user';
import type { Vault } from '@agentcal/shared/vault/port';
import type { Executed } from '../executor/port.ts';
import { asWritten } from '../write-answer.ts';
import * as user from './decider.ts';
import type { UserEvent } from './events.ts';
import { openProfile } from './profile.ts';

/** The user as a command left them. */
export function userAsWritten(written: Executed<user.User, UserEvent>): user.KnownUser {
  const shown = asWritten(user.evolve, written);
  if (shown.status === 'absent') throw new Refusal('not_found');
  return shown;
}

export async function showUser(vault: Vault, written: Executed<user.User, UserEvent>): Promise<User> {
  const { id, accountId: account_id, kind, profile, timezone, limits, createdAt } = userAsWritten(written);
  const { name = null, email = null } = (await openProfile(vault, profile)) ?? {};
  const personal = { name, email };
  return {
    id,
    account_id,
    kind,
    ...personal,
    timezone,
    limits: [...limits],
    calendar_id: null,
    created_at: createdAt,
  };
}
