import { type FieldFault, Refusal } from '@agentcal/shared/kernel/refusal';
import type { UserKind } from '@agentcal/shared/resources/user';
import { checkLimits } from '@agentcal/shared/scheduling/check';
import type { Limit } from '@agentcal/shared/scheduling/model';

interface Sent {
  readonly email?: string | undefined;
  readonly limits?: readonly Limit[] | null | undefined;
}

/** A new person needs an e-mail. @throws {Refusal} `invalid_request` */
export function requireNewUser(kind: UserKind, sent: Sent): void {
  const missing = kind === 'person' && sent.email === undefined;
  refuse([
    ...faultsIn(kind, sent),
    ...(missing ? [{ pointer: '/body/email', detail: 'is required of a person' }] : []),
  ]);
}

/** @throws {Refusal} `invalid_request` */
export function requireChange(kind: UserKind, sent: Sent): void {
  refuse(faultsIn(kind, sent));
}

function faultsIn(kind: UserKind, { email, limits }: Sent): FieldFault[] {
  const faults = checkLimits(limits ?? []).map(({ pointer, detail }) => ({ pointer: `/body${pointer}`, detail }));
  if (kind === 'resource' && email !== undefined) {
    faults.push({ pointer: '/body/email', detail: 'is not taken: a resource has none' });
  }
  return faults;
}

function refuse(errors: readonly FieldFault[]): void {
  const [first] = errors;
  if (first) throw new Refusal('invalid_request', `${first.pointer} ${first.detail}`, { errors });
}
