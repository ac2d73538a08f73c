import type { Sealed, Subject, Vault } from '@agentcal/shared/vault/port';
import type { UserProfile } from './events.ts';

/** Whose data a user's profile and words about them are. */
export function subjectOf(accountId: string, userId: string): Subject {
  return { scope: accountId, kind: 'user', id: userId };
}

export function sealProfile(
  vault: Vault,
  accountId: string,
  userId: string,
  { name, email }: UserProfile,
): Promise<Sealed> {
  return vault.seal(subjectOf(accountId, userId), { name, ...(email !== undefined && { email }) });
}

/** `undefined` once the person has been erased. */
export async function openProfile(vault: Vault, profile: Sealed): Promise<UserProfile | undefined> {
  const [opened] = await vault.open([profile]);
  return (opened as UserProfile | null | undefined) ?? undefined;
}
