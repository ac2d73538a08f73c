import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Limit } from '@agentcal/shared/scheduling/model';
import type { Vault } from '@agentcal/shared/vault/port';
import type { Executed, Executor } from '../executor/port.ts';
import { createSerial } from '../executor/serial.ts';
import { requireChange } from './check.ts';
import * as user from './decider.ts';
import type { UserEvent } from './events.ts';
import { openProfile, sealProfile } from './profile.ts';

interface Changes {
  readonly name?: string;
  readonly email?: string;
  readonly timezone?: string;
  readonly limits?: readonly Limit[] | null;
}

/** Only other processes can be faster: the changes of one process wait for each other. */
const tries = 20;

interface ChangeDeps {
  readonly executor: Executor;
  readonly vault: Vault;
}

type ChangeUser = (
  userId: string,
  changes: Changes,
  context: CommandContext,
  ifRevision: number | undefined,
) => Promise<Executed<user.User, UserEvent>>;

/**
 * Changes some fields of a user. The profile is sealed whole, so a new name is sealed together with the e-mail as it
 * was read: the change holds only at the revision it was read at, and is made anew where somebody was faster.
 */
export function createChangeUser(deps: ChangeDeps): ChangeUser {
  const serially = createSerial();
  return (userId, changes, context, ifRevision) =>
    serially(userId, async () => {
      for (let tried = 1; tried <= tries; tried += 1) {
        try {
          return await change(deps, userId, changes, context, ifRevision);
        } catch (error) {
          const overtaken = error instanceof Refusal && error.code === 'revision_conflict' && ifRevision === undefined;
          if (!overtaken) throw error;
        }
      }
      throw new Refusal('too_much_contention', undefined, { retryAfterSeconds: 1 });
    });
}

async function change(
  { executor, vault }: ChangeDeps,
  userId: string,
  changes: Changes,
  context: CommandContext,
  ifRevision: number | undefined,
): Promise<Executed<user.User, UserEvent>> {
  const { state, revision } = await executor.load(user, userId, { fresh: true });
  if (state.status === 'absent') throw new Refusal('not_found');
  requireChange(state.kind, changes);
  const data = {
    profile: await changedProfile(vault, state, changes),
    ...(changes.timezone !== undefined && { timezone: changes.timezone }),
    ...(changes.limits !== undefined && { limits: changes.limits ?? [] }),
  };
  const options = { ifRevision: ifRevision ?? revision };
  return executor.execute(user, userId, { type: 'ChangeUser', data }, context, options);
}

/** The same sealed text where nothing changes, so that such a request is a quiet repeat. */
async function changedProfile(vault: Vault, { id, accountId, kind, profile }: user.KnownUser, changes: Changes) {
  const opened = await openProfile(vault, profile);
  const { name = opened?.name, email = opened?.email } = changes;
  if (name === opened?.name && email === opened?.email) return profile;
  return sealProfile(vault, accountId, id, { name: name ?? '', ...(kind === 'person' && { email: email ?? '' }) });
}
