import type { Sealed, SealedAhead, Subject, Vault } from '@agentcal/shared/vault/port';
import { subjectOf } from '../../user/profile.ts';
import type { Attendee } from '../events.ts';
import type { BookingRecord } from '../state/state.ts';

/** Everything personal in a booking is the attendee's, and goes when they are erased. */
function attendeeSubject(accountId: string, { email }: Pick<Attendee, 'email'>): Subject {
  return { scope: accountId, kind: 'attendee', id: email.toLowerCase() };
}

export function sealAttendee(vault: Vault, accountId: string, attendee: Attendee): Promise<Sealed> {
  return vault.seal(attendeeSubject(accountId, attendee), attendee);
}

/** The same while the booking is already being made: `claimed` is to be waited for before it is acknowledged. */
export function sealAttendeeAhead(vault: Vault, accountId: string, attendee: Attendee): Promise<SealedAhead> {
  return vault.sealAhead(attendeeSubject(accountId, attendee), attendee);
}

/** Reasons are about the attendee more often than not. Once they have been erased, what is said is the host's. */
export async function sealReason(
  vault: Vault,
  { accountId, userId }: { readonly accountId: string; readonly userId: string },
  booking: BookingRecord,
  reason: string,
): Promise<Sealed> {
  const [attendee] = await vault.open([booking.details.attendee]);
  return vault.seal(attendee ? attendeeSubject(accountId, attendee as Attendee) : subjectOf(accountId, userId), reason);
}

/** Stands where a sealed text would, in a command that is judged and not carried out. */
export const unsealed: Sealed = { kid: '', sealed: '' };
