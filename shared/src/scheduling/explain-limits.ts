import { type Instant, minute as msPerMinute } from '../kernel/time.ts';
import { periodOfDay } from './dates.ts';
import { limitsOf } from './limits.ts';
import type { Claim, Limit, SlotQuery } from './model.ts';
import { planOf, zoneAt } from './plan.ts';
import { counts, floorMinute, type Rules } from './rules.ts';

/** Each limit by itself, for one start: whether it leaves room and what it has counted. */
export function explainLimits(
  query: SlotQuery & { readonly start: Instant },
  rules: Rules,
): { readonly ok: boolean; readonly text: string }[] {
  const { terms, host, eventTypeId } = query;
  const ofType = (terms.limits ?? []).map((limit) => {
    const alone = { ...query, terms: { ...terms, limits: [limit] }, host: { ...host, limits: [] } };
    const claims = host.claims.filter((claim) => claim.eventTypeId === eventTypeId);
    return { limit, alone, claims, whose: 'of this event type' };
  });
  const ofHost = (host.limits ?? []).map((limit) => {
    const alone = { ...query, terms: { ...terms, limits: [] }, host: { ...host, limits: [limit] } };
    return { limit, alone, claims: host.claims, whose: 'of this host' };
  });
  return [...ofType, ...ofHost].map(({ limit, alone, claims, whose }) => ({
    ok: !limitsOf(alone, rules)?.(floorMinute(query.start)),
    text: `at most ${most(limit)} per ${limit.per} ${whose}; ${used(alone, limit, claims)}`,
  }));
}

function most({ count, minutes }: Limit): string {
  const texts = [count === undefined ? [] : `${count} bookings`, minutes === undefined ? [] : `${minutes} minutes`];
  return texts.flat().join(' and ');
}

function used(query: SlotQuery & { start: Instant }, { per }: Limit, claims: readonly Claim[]): string {
  const plan = planOf(query.host);
  const period = (instant: Instant) => periodOfDay(zoneAt(plan, instant).dayAt(instant), per);
  const counted = claims.filter((claim) => counts(claim, query) && period(claim.start) === period(query.start));
  const minutes = counted.reduce((sum, { start, end }) => sum + (end - start) / msPerMinute, 0);
  return `${counted.length} claims of ${minutes} minutes in that ${per} so far`;
}
