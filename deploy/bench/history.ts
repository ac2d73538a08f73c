import { randomUUID } from 'node:crypto';
import type { NewEvent } from '@agentcal/shared/kernel/event';
import type { Deps } from '@agentcal/shared/process/deps';
import { Client } from 'undici';
import type { Bench } from './bench.ts';
import { ask, median } from './load.ts';
import type { Figure } from './report.ts';
import type { World } from './world.ts';

const longPast = 100_000;
const shortPast = 10;
const rounds = 300;

/** What a command costs on a calendar with a long past, against one with a short past: in turn, one at a time. */
export async function* measureHistory(bench: Bench): AsyncGenerator<Figure> {
  const world = await bench.world();
  const deps = await bench.deps();
  const [long, short] = world.take(2) as [string, string];
  await writePast(deps, world, long, longPast);
  await writePast(deps, world, short, shortPast);
  const product = await bench.commandService();
  const client = new Client(product.url);
  const book = async (userId: string, n: number) => {
    const begun = performance.now();
    await ask(client, world.booking(userId, n));
    return performance.now() - begun;
  };
  try {
    const coldMs = await book(long, 0);
    await book(short, 0);
    const longs: number[] = [];
    const shorts: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      longs.push(await book(long, round));
      shorts.push(await book(short, round));
    }
    yield {
      what: `booking on a calendar with ${longPast} past events`,
      value: `${median(longs).toFixed(2)} ms (first, cold: ${Math.round(coldMs)} ms)`,
      floor: `with ${shortPast} past events: ${median(shorts).toFixed(2)} ms`,
      ratio: median(longs) / median(shorts),
      aim: '≤ 1.5',
    };
  } finally {
    await client.close();
  }
}

/** Bookings of the past years, each cancelled: written to the log as the product would have. */
export async function writePast({ store, vault }: Deps, world: World, userId: string, events: number): Promise<void> {
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
        event_type_id: world.quarterId,
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
