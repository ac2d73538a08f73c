import { unpackBusy, unpackClaims } from '@agentcal/projection-service/tables';
import { day, type Instant, minute, toIso } from '@agentcal/shared/kernel/time';
import { judgeStart } from '@agentcal/shared/scheduling/judge';
import type { HostCalendar, SlotQuery, Terms } from '@agentcal/shared/scheduling/model';
import { findSlots } from '@agentcal/shared/scheduling/slots';
import { send } from '../clients/browser.ts';
import type { OfferedType, Tenant } from '../clients/tenants.ts';
import type { Found } from './check.ts';

/**
 * Invariant 3, while nothing else changes: what the read model lists can be held, and what it does not allow cannot.
 * A few starts of each tenant are tried, without holding them.
 */
export async function checkSlots({ world, engines, places, tenants }: Omit<Found, 'log'>): Promise<string[]> {
  const { random } = world;
  const faults: string[] = [];
  for (const tenant of tenants) {
    const userId = random.pick(tenant.userIds);
    const offered = random.pick(tenant.eventTypes.filter(({ isTeam }) => !isTeam));
    const calendar = calendarOf(engines, tenant, userId, offered);
    if (!calendar) {
      faults.push(`${userId} or ${offered.id} has no row`);
      continue;
    }
    for (const start of startsToTry(world, calendar)) {
      const now = world.scheduler.now;
      const listed = judgeStart({ ...calendar, now, start }).ok;
      const body = { user_id: userId, event_type_id: offered.id, start_time: toIso(start) };
      const url = `/v1/accounts/${tenant.accountId}/holds?dry_run=true`;
      const place = random.pick(places.commands);
      const answer = await send(world, place, tenant.secretKey, { method: 'POST', url, body, key: `try-${start}` });
      const isHeld = answer?.status === 200;
      if (isHeld === listed) continue;
      const said = `${answer?.status} ${answer?.body.code ?? ''}`;
      faults.push(
        `${toIso(start)} of ${userId} is ${listed ? '' : 'not '}free in the read model, and holding it says ${said}`,
      );
    }
  }
  return faults;
}

/** Some that are listed, and some that may be anything. */
function startsToTry({ random, scheduler }: Found['world'], calendar: Omit<SlotQuery, 'now'>): Instant[] {
  const now = scheduler.now;
  const listed = findSlots({ ...calendar, now, from: now, to: now + day, limit: 30 }).starts;
  const first = Math.ceil(now / (15 * minute)) * 15 * minute;
  const others = [0, 1, 2].map(() => first + random.below(40) * 15 * minute);
  return [...(listed.length > 0 ? [random.pick(listed), random.pick(listed)] : []), ...others];
}

/** What query-service makes out of the same rows. */
function calendarOf(
  { rows }: Found['engines'],
  { accountId }: Tenant,
  userId: string,
  { id: eventTypeId }: OfferedType,
): Omit<SlotQuery, 'now'> | undefined {
  const find = (table: string, id: string) => {
    return rows.rows('read', table).find((row) => row.id === id && row.account_id === accountId);
  };
  const [user, eventType] = [find('users', userId), find('event_types', eventTypeId)];
  if (!user || !eventType) return undefined;
  const spans = rows
    .rows('read', 'calendar_spans')
    .filter((row) => row.user_id === userId)
    .sort((a, b) => Number(a.span) - Number(b.span));
  const host: HostCalendar = {
    userId,
    schedule: user.schedule as HostCalendar['schedule'],
    away: rows
      .rows('read', 'away')
      .filter((row) => row.user_id === userId)
      .map((row) => ({ start: Number(row.start_time), end: Number(row.end_time) })),
    busy: spans.flatMap(({ busy, span }) => unpackBusy(busy as never, Number(span))),
    claims: spans.flatMap(({ claims, span }, index) => unpackClaims(claims as never, Number(span), index === 0)),
  };
  const { terms } = eventType.settings as { terms: Terms };
  return { terms, eventTypeId, host, durationMinutes: terms.duration_minutes };
}
