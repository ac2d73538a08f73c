import { projections } from '@agentcal/projection-service/simulation';
import type { Tenant } from '../clients/tenants.ts';
import type { Found } from './check.ts';

/** Invariant 6: neither a row nor an answer of one tenant names anything of another's. */
export function checkTenants({ tenants, history, engines }: Pick<Found, 'tenants' | 'history' | 'engines'>): string[] {
  return tenants.flatMap((tenant) => {
    const others = tenants.filter((other) => other !== tenant).flatMap(idsOf);
    const crossing = (text: string) => others.some((id) => text.includes(id));
    const rows = projections.flatMap(({ folds }) =>
      folds.flatMap(({ shape }) => engines.rows.rows('read', shape.name)),
    );
    const mine = rows.filter((row) => row.organization_id === tenant.organizationId);
    const asked = history.filter(({ organizationId }) => organizationId === tenant.organizationId);
    return [
      ...mine.filter((row) => crossing(JSON.stringify(row))).map((row) => `a row crosses: ${JSON.stringify(row)}`),
      ...asked
        .filter(({ url, body, answers }) => {
          const isTold = answers.some((answer) => answer && answer.status < 300);
          return isTold && crossing(url + JSON.stringify(body ?? ''));
        })
        .map(({ key, url }) => `${key} was let in at ${url}`),
    ];
  });
}

function idsOf({ organizationId, accountId, userIds, eventTypes }: Tenant): string[] {
  return [organizationId, accountId, ...userIds, ...eventTypes.map(({ id }) => id)];
}
