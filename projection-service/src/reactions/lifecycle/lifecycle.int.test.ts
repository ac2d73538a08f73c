import type { Cause, CommandSender, MachineCommand } from '@agentcal/command-service/commands';
import { createLocalBus } from '@agentcal/shared/bus/local';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { systemClock, toIso } from '@agentcal/shared/kernel/time';
import { testDatabase } from '@agentcal/shared/testing/database';
import { createMemoryVault } from '@agentcal/shared/vault/memory';
import { Kysely, PostgresDialect } from 'kysely';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import t, { type Test } from 'tap';
import { rebuild } from '../../engine/by-hand.ts';
import { startEngine } from '../../engine/engine.ts';
import { createLeadership } from '../../engine/leadership.ts';
import { createPostgresStorage } from '../../engine/storage/postgres.ts';
import { until } from '../../engine/testing.ts';
import { startJobs, stopJobs } from '../../jobs/boss.ts';
import { addToBoss } from '../../jobs/boss-queue.ts';
import { createProgress } from '../../progress.ts';
import { givenUpQueue, jobOf, lifecycleQueue } from './queue.ts';
import { lifecycleReaction } from './reaction.ts';
import { startLifecycle } from './work.ts';

type Send = (command: MachineCommand, cause: Cause) => Promise<{ changed: boolean }>;

/** The log, the reaction and the queue, with a calendar that says what a test wants. */
async function product(t: Test, send: Send = async () => ({ changed: true })) {
  const { pool, url } = await testDatabase(t);
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  const bus = createLocalBus();
  const store = createMemoryEventStore();
  const logged: object[] = [];
  const log = { info: () => {}, error: (fields: object) => logged.push(fields) };
  const metrics = new Registry();
  const sent: string[] = [];
  const sender: CommandSender = {
    send: async (command, cause) => {
      sent.push('booking_id' in command ? command.booking_id : '');
      return send(command, cause);
    },
    close: () => {},
  };
  const boss = await startJobs({ databaseUrl: url, log: pino({ level: 'silent' }) });
  const progress = createProgress({ db, bus, pollMs: 10 });
  const leadership = createLeadership({ pool, retryMs: 20 });
  const deps = {
    storage: createPostgresStorage(pool),
    store,
    bus,
    vault: createMemoryVault(),
    clock: systemClock,
    log,
    progress,
    leadership,
  };
  await startLifecycle({ boss, sender, clock: systemClock, log, metrics });
  const engine = await startEngine([lifecycleReaction({ add: addToBoss(boss, lifecycleQueue) })], deps);
  t.teardown(async () => {
    await engine.stop();
    await stopJobs(boss);
    await leadership.close();
    progress.close();
  });
  let ids = 0;
  const append = async (...events: readonly ReturnType<typeof created>[]) => {
    const recorded = events.map((event) => ({ ...event, id: `event-${++ids}`, metadata }));
    const { position } = await store.append('calendar-1', 'any', recorded);
    t.ok(await progress.reached(['lifecycle'], position, 10_000));
  };
  const jobs = async (queue = lifecycleQueue) =>
    (await pool.query(`select state, data, output from jobs.job where name = '${queue}' order by start_after`)).rows;
  const counted = async (outcome: string) => {
    const { values } = await metrics.getSingleMetric('agentcal_jobs_total')!.get();
    return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
  };
  return { append, boss, deps, jobs, counted, sent, logged };
}

const metadata = {
  occurred_at: '2026-01-01T00:00:00Z',
  organization_id: 'org_1',
  account_id: 'acct_1',
  livemode: false,
  actor: { kind: 'system', id: 'test' },
  command_id: 'command',
  fingerprint: '',
  correlation_id: 'command',
} as const;

const created = (booking_id: string, endsAt: number) => ({
  type: 'calendar.booking-created.v1',
  data: {
    booking_id,
    user_id: 'user_1',
    account_id: 'acct_1',
    event_type_id: 'evt_1',
    start_time: toIso(endsAt - 1),
    end_time: toIso(endsAt),
    attendee: { kid: '', sealed: '' },
    metadata: {},
    judged_by: { event_type_revision: 0, duration_minutes: 30, buffer_before: 0, buffer_after: 0, timezone: 'UTC' },
  },
});

t.test('each event asks once, however often it is reacted to', async (t) => {
  const { append, boss, deps, jobs } = await product(t);
  const tomorrow = Date.now() + 86_400_000;
  await append(created('bkg_1', tomorrow));
  await rebuild(lifecycleReaction({ add: addToBoss(boss, lifecycleQueue) }), deps, new AbortController().signal);
  await append(created('bkg_2', tomorrow));
  t.match(await jobs(), [{ state: 'created', data: { command: { booking_id: 'bkg_1' } } }, { data: {} }]);
  const [again] = (await jobs()).map(({ data }) => data);
  const event = { id: again.cause.id, metadata } as unknown as Parameters<typeof jobOf>[0];
  await boss.insert(lifecycleQueue, [jobOf(event, { at: tomorrow, command: again.command })]);
  t.equal((await jobs()).length, 2, 'a batch that is seen twice leaves no second job');
});

t.test('what is long past is done in order, a few calendars at a time', async (t) => {
  const gates: (() => void)[] = [];
  let most = 0;
  let running = 0;
  const { append, sent, counted } = await product(t, async () => {
    running += 1;
    most = Math.max(most, running);
    // Each waits until the next one has come, or there can be no more at a time.
    if (running < 4) await new Promise<void>((go) => gates.push(go));
    for (const go of gates.splice(0)) go();
    running -= 1;
    return { changed: true };
  });
  const names = Array.from({ length: 32 }, (_, n) => `bkg_${String.fromCharCode(97 + (n % 8)).repeat(24)}${n}`);
  await append(...names.map((name, n) => created(name, Date.parse('2026-01-01T00:00:00Z') + n)));
  await until(() => {
    // The last few have nobody to wait for.
    if (sent.length > 28) for (const go of gates.splice(0)) go();
    return sent.length === 32;
  });
  await until(async () => (await counted('done')) === 32);
  t.equal(most, 4);
  const ofOne = (calendar: string) => sent.filter((name) => name.startsWith(calendar));
  for (const calendar of new Set(names.map((name) => name.slice(0, 28)))) {
    t.same(
      ofOne(calendar),
      names.filter((name) => name.startsWith(calendar)),
    );
  }
});

t.test('what came of it is counted, and what fails is tried again', async (t) => {
  const answers: Record<string, Error[]> = {
    bkg_moved: [new Refusal('booking_not_due')],
    bkg_forgotten: [new Refusal('not_found')],
    bkg_busy: [new Refusal('unavailable')],
  };
  const { append, jobs, counted, sent } = await product(t, async (command) => {
    const refused = 'booking_id' in command && answers[command.booking_id]?.shift();
    if (refused) throw refused;
    return { changed: true };
  });
  const past = Date.now() - 1_000;
  await append(...Object.keys(answers).map((name) => created(name, past)));
  await until(async () => (await jobs()).every(({ state }) => state === 'completed'));
  t.same(
    [await counted('nothing'), await counted('forgotten'), await counted('failed'), await counted('done')],
    [1, 1, 1, 1],
  );
  t.same(sent.filter((name) => name === 'bkg_busy').length, 2);
});

t.test('what cannot be done is given up aloud, and kept', async (t) => {
  const { boss, jobs, counted, logged } = await product(t, async () => {
    throw new Error('never');
  });
  const event = { id: 'event-1', metadata } as unknown as Parameters<typeof jobOf>[0];
  const command = { type: 'complete-booking', booking_id: 'bkg_1' } as const;
  await boss.insert(lifecycleQueue, [{ ...jobOf(event, { at: Date.now() - 1, command }), retryLimit: 0 }]);
  await until(async () => (await counted('given_up')) === 1);
  t.match(logged.at(-1), { command, event: 'event-1', organization: 'org_1' });
  t.match(await jobs(givenUpQueue), [{ data: { command } }]);
});
