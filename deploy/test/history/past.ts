import type { EventStore } from '@agentcal/shared/event-store/port';
import type { NewEvent } from '@agentcal/shared/kernel/event';
import { deriveCalendarItemId, eventIdFrom } from '@agentcal/shared/kernel/ids';
import { day, minute, toIso } from '@agentcal/shared/kernel/time';

/** More than a calendar's first snapshot waits for. */
const holds = 300;

/** A calendar with a past, so that whoever folds it anew begins with a snapshot: holds that were placed and released. */
export async function writePast(
  store: EventStore,
  { organizationId, accountId }: { readonly organizationId: string; readonly accountId: string },
  userId: string,
  eventTypeId: string,
): Promise<void> {
  const past = Math.floor(Date.now() / day) * day - 60 * day;
  const of = { user_id: userId, account_id: accountId };
  const events: NewEvent[] = [];
  const add = (type: string, data: object, at: number) =>
    events.push({
      id: eventIdFrom(`past of ${userId}`, events.length),
      type,
      data,
      metadata: {
        occurred_at: toIso(at),
        organization_id: organizationId,
        account_id: accountId,
        livemode: false,
        actor: { kind: 'system', id: 'past' },
        command_id: `past of ${userId}`,
        fingerprint: '',
        correlation_id: 'past',
      },
    });
  add('calendar.opened.v1', of, past);
  for (let n = 0; n < holds; n += 1) {
    const hold_id = deriveCalendarItemId('hold', userId, `past ${n}`);
    const [start, at] = [past + day + n * 30 * minute, past + n * minute];
    const judged_by = {
      event_type_revision: 0,
      duration_minutes: 30,
      buffer_before: 0,
      buffer_after: 0,
      timezone: 'UTC',
    };
    const times = { start_time: toIso(start), end_time: toIso(start + 30 * minute), expires_at: toIso(at + minute) };
    add(
      'calendar.slot-held.v1',
      { hold_id, ...of, event_type_id: eventTypeId, ...times, holder: 'past', judged_by },
      at,
    );
    add('calendar.hold-released.v1', { hold_id, user_id: userId }, at);
  }
  await store.append(`calendar-${userId}`, 'no_stream', events);
}
