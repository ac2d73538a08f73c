import type { NewEvent } from '@agentcal/shared/kernel/event';
import { minute, toIso } from '@agentcal/shared/kernel/time';
import fc from 'fast-check';
import t from 'tap';
import { projections } from '../consumers.ts';
import { rebuild } from '../engine/by-hand.ts';
import { startEngine } from '../engine/engine.ts';
import { dump, type TestEngine, testEngine } from '../engine/testing.ts';
import { spanMs } from './availability/pack.ts';

/** Read models are a fold of the log and of nothing else: dropped and rebuilt they come back equal, byte for byte. */
t.test('every read model, rebuilt from a random history, equals the one that followed it live', async (t) => {
  const product = await testEngine(t);
  const engine = await startEngine(projections, product);
  const [history] = fc.sample(fc.array(step, { minLength: 400, maxLength: 400 }), 1);
  let position = 0n;
  for (const [index, one] of history!.entries()) {
    for (const event of await eventsOf(product, one, index)) {
      ({ position } = await product.store.append(event.streamId, 'any', [event]));
    }
  }
  const names = projections.map(({ name }) => name);
  t.ok(await product.progress.reached(names, position, 20_000), 'all of them got there');
  const tables = projections.flatMap(({ folds }) => folds.map(({ shape }) => shape.name));
  const dumpAll = () => Promise.all(tables.map((table) => dump(product.db, table)));
  const live = await dumpAll();
  for (const projection of projections) await rebuild(projection, product.another(), new AbortController().signal);
  const rebuilt = await dumpAll();
  for (const [index, table] of tables.entries())
    t.same(rebuilt[index], live[index], `${table}: ${live[index]!.length} rows`);
  await engine.stop();
  t.same(product.errors, []);
});

/** Something happens to the n-th booking of one of three users; what makes no sense then changes nothing. */
const step = fc.record({
  user: fc.integer({ min: 1, max: 3 }),
  booking: fc.integer({ min: 1, max: 12 }),
  at: fc.integer({ min: 0, max: 3 * 28 * 1_440 }),
  length: fc.integer({ min: 1, max: 600 }),
  buffer: fc.integer({ min: 0, max: 90 }),
  what: fc.constantFrom(
    'booking-created',
    'booking-requested',
    'booking-confirmed',
    'booking-declined',
    'booking-rescheduled',
    'booking-cancelled',
    'booking-completed',
    'booking-no-show',
    'attendee-joined',
    'attendee-left',
    'slot-held',
    'hold-released',
    'external-busy-mirrored',
    'user-changed',
  ),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function eventsOf({ vault }: TestEngine, one: Step, index: number): Promise<(NewEvent & { streamId: string })[]> {
  const { user, booking, at, length, buffer, what } = one;
  const user_id = `user_${user}`;
  const ids = {
    booking_id: `bkg_${user}_${booking}`,
    hold_id: `hold_${user}_${booking}`,
    user_id,
    account_id: 'acct_1',
  };
  const start = 738 * spanMs + at * minute;
  const times = { start_time: toIso(start), end_time: toIso(start + length * minute) };
  const judged_by = {
    event_type_revision: 0,
    duration_minutes: length,
    buffer_before: buffer,
    buffer_after: buffer,
    timezone: 'UTC',
  };
  const email = `guest${booking}@example.test`;
  const attendee = await vault.seal(
    { scope: 'acct_1', kind: 'attendee', id: email },
    { email, name: `Guest ${booking}` },
  );
  const metadata = {
    occurred_at: toIso(Date.parse('2026-01-01T00:00:00Z') + index * 1_000),
    organization_id: 'org_1',
    account_id: 'acct_1',
    livemode: false,
    actor: { kind: 'system', id: 'test' },
    command_id: `command-${index}`,
    fingerprint: '',
    correlation_id: `command-${index}`,
  } as const;
  const event = (streamId: string, type: string, data: object) => ({
    id: `${type}-${index}`,
    streamId,
    type,
    data,
    metadata,
  });
  if (what === 'user-changed') {
    const profile = await vault.seal({ scope: 'acct_1', kind: 'user', id: user_id }, { name: `User ${index}`, email });
    const type = index < 30 ? 'user.added.v1' : 'user.changed.v1';
    return [event(`user-${user}`, type, { user_id, account_id: 'acct_1', profile, timezone: 'Europe/Berlin' })];
  }
  const busy = [{ start_time: times.start_time, end_time: toIso(start + (length * minute) / 2) }];
  const data = {
    ...ids,
    event_type_id: `evt_${(booking % 2) + 1}`,
    ...times,
    attendee,
    metadata: { n: String(index) },
    judged_by,
    expires_at: times.start_time,
    holder: 'key_1',
    seat_id: `seat_${index % 5}`,
    cause: 'host',
    reason: attendee,
    source: `source_${index % 2}`,
    window_start: times.start_time,
    window_end: times.end_time,
    busy,
  };
  return [event(`calendar-${user}`, `calendar.${what}.v1`, data)];
}
