import { randomUUID } from 'node:crypto';
import type { NewEvent } from '@agentcal/shared/kernel/event';
import type { Deps } from '@agentcal/shared/process/deps';
import { load, median } from './load.ts';
import type { World } from './world.ts';

export interface HistoryFigures {
  readonly events: number;
  /** Median cost of a booking on a calendar with so many past events, and on one with ten. */
  readonly longMs: number;
  readonly shortMs: number;
  readonly ratio: number;
  /** The first command on the long one, whose stream has to be folded once. */
  readonly coldMs: number;
}

/** What a command costs on a calendar with a long past, against one with a short past: in turn, one at a time. */
export async function measureHistory(
  url: string,
  deps: Deps,
  world: World,
  [long, short]: readonly [string, string],
  events: number,
): Promise<HistoryFigures> {
  await writePast(deps, world, long, events);
  await writePast(deps, world, short, 10);
  const cold = await load(url, 1, [world.booking(long, 0)]);
  await load(url, 1, [world.booking(short, 0)]);
  const longs: number[] = [];
  const shorts: number[] = [];
  for (let round = 1; round <= 150; round++) {
    longs.push((await load(url, 1, [world.booking(long, round)])).p50Ms);
    shorts.push((await load(url, 1, [world.booking(short, round)])).p50Ms);
  }
  const [longMs, shortMs] = [median(longs), median(shorts)];
  return { events, longMs, shortMs, ratio: longMs / shortMs, coldMs: cold.p50Ms };
}

/** Bookings of the past years, each cancelled: written to the log as the product would have. */
async function writePast({ store, vault }: Deps, world: World, userId: string, events: number): Promise<void> {
  const attendee = await vault.seal(
    { scope: world.accountId, kind: 'attendee', id: 'past@bench.test' },
    { email: 'past@bench.test', name: 'Past' },
  );
  const organization = { organization_id: world.organizationId, account_id: world.accountId, livemode: false };
  const streamId = `calendar-${userId}`;
  const event = (type: string, data: object, at: number): NewEvent => ({
    id: randomUUID(),
    type,
    data,
    metadata: {
      occurred_at: new Date(at).toISOString(),
      ...organization,
      actor: { kind: 'system', id: 'bench' },
      command_id: randomUUID(),
      fingerprint: '',
      correlation_id: 'bench',
    },
  });
  await store.append(streamId, 'no_stream', [
    event('calendar.opened.v1', { user_id: userId, account_id: world.accountId }, Date.now() - 5 * year),
  ]);
  const half = 900_000;
  for (let n = 0; n < events / 2; ) {
    const batch: NewEvent[] = [];
    for (; n < events / 2 && batch.length < 1_000; n++) {
      const start = Date.now() - 5 * year + n * half;
      const booking_id = `bkg_${userId.slice(5)}${String(n).padStart(24, '0')}`;
      const times = { start_time: new Date(start).toISOString(), end_time: new Date(start + half).toISOString() };
      const judged_by = {
        event_type_revision: 0,
        duration_minutes: 15,
        buffer_before: 0,
        buffer_after: 0,
        timezone: 'UTC',
      };
      const booked = {
        booking_id,
        user_id: userId,
        account_id: world.accountId,
        event_type_id: world.eventTypeId,
        ...times,
        attendee,
        metadata: {},
        judged_by,
      };
      batch.push(
        event('calendar.booking-created.v1', booked, start - 86_400_000),
        event('calendar.booking-cancelled.v1', { booking_id, user_id: userId }, start - 3_600_000),
      );
    }
    await store.append(streamId, 'any', batch);
  }
}

const year = 365 * 86_400_000;
