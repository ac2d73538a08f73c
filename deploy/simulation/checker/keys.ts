import type { OrganizationEvent } from '@agentcal/command-service/organization/events';
import { type Instant, second } from '@agentcal/shared/kernel/time';
import type { Found } from './check.ts';

/**
 * A process knows keys a second late, may have looked just before it was stopped, and takes its time: whoever asked
 * later than that with a key that was revoked is not let in.
 */
const knownLateMs = 30 * second;

export function checkKeys({ log, history }: Pick<Found, 'log' | 'history'>): string[] {
  const revoked = new Map<string, Instant>();
  for (const { type, data, recordedAt } of log as readonly (Found['log'][number] & OrganizationEvent)[]) {
    if (type === 'organization.secret-key-revoked.v1') revoked.set(data.organization_id, Date.parse(recordedAt));
  }
  return history.flatMap(({ key, method, url, organizationId, tries, answers }) => {
    const since = revoked.get(organizationId);
    if (since === undefined) return [];
    const late = tries.findIndex(({ at, isSpare }, index) => {
      return isSpare && at > since + knownLateMs && (answers[index]?.status ?? 401) !== 401;
    });
    return late < 0 ? [] : [`${key} (${method} ${url}) was let in with a key that had been revoked`];
  });
}
