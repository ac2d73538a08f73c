import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { day } from '@agentcal/shared/kernel/time';
import type { Test } from 'tap';
import { type Api, api, until } from '../api.fixture.ts';
import { readModelsEqualTheirRebuild } from '../own-rebuild.fixture.ts';
import { type Receiver, webhookReceiver } from '../receiver.fixture.ts';
import { drawFaults } from './chaos.ts';
import { Clients, type Town } from './clients.ts';
import { type Cluster, startCluster } from './cluster.fixture.ts';
import type { Listed } from './history.ts';
import { judge } from './judge.ts';
import { writePast } from './past.ts';
import { type Random, randomFrom, seedOfThisRun } from './random.ts';

const clientCount = 8;
/** A run is over after so many answers; after a while, fewer will do; and at last it is over whatever has come. */
const enough = { answers: 800, ms: 8_000, fewAnswers: 150, longestMs: 30_000 };

/**
 * The product as processes of its own, under load, while services and backends are killed and stopped: what its clients
 * were told, its log, its webhooks and its lists have to be one story. README.md says what this shows, and what not.
 */
export async function wholeStory(t: Test, log: 'postgres' | 'eventstoredb'): Promise<void> {
  const seed = seedOfThisRun();
  t.comment(`AGENTCAL_SEED=${seed} draws the same clients and faults again`);
  const random = randomFrom(seed);
  const phase = stopwatch(t);
  const cluster = await startCluster(t, log, 2);
  const receiver = await webhookReceiver(t);
  const town = await openTown(cluster, receiver);
  phase('start');
  const clients = await load(t, cluster, town, random);
  phase('load');
  const { violations, events } = await untilWhole(cluster, town, clients, receiver);
  phase('end');
  t.same(violations, []);
  tellCounts(t, clients, events);
  await readModelsEqualTheirRebuild(t, cluster.databaseUrl, cluster.env);
  phase('rebuild');
}

function stopwatch(t: Test): (phase: string) => void {
  let since = Date.now();
  return (phase) => {
    t.comment(`${phase}: ${Date.now() - since} ms`);
    since = Date.now();
  };
}

/** Three people who can be booked at any time, for meetings of each kind there is. */
async function openTown(cluster: Cluster, receiver: Receiver): Promise<Town> {
  const { send } = api(cluster.commands[0]!.url, cluster.key);
  const make = async (path: string, body: object): Promise<string> => {
    const answer = await send('POST', path, body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return answer.body.id;
  };
  await make('/v1/webhooks', { url: receiver.url, events: bookingEvents });
  const account = `/v1/accounts/${await make('/v1/accounts', { name: 'Town' })}`;
  const rules = [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, start_time: '00:00', end_time: '24:00' }));
  const users = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const user = { name, email: `${name}@acme.test`, timezone: 'UTC' };
      const id = await make(`${account}/users`, user);
      await send('PUT', `${account}/users/${id}/schedule`, { timezone: 'UTC', rules });
      return id;
    }),
  );
  const hosts = users.map((user_id) => ({ user_id }));
  const kinds = [
    { name: 'Talk', duration_minutes: 30, buffer_after: 10 },
    { name: 'Visit', duration_minutes: 60, buffer_before: 15, buffer_after: 5, slot_interval_minutes: 15 },
    { name: 'Request', duration_minutes: 60, requires_confirmation: true },
    { name: 'Panel', duration_minutes: 30, assignment: 'collective', hosts: hosts.slice(0, 2) },
    { name: 'Pool', duration_minutes: 60, buffer_after: 5, assignment: 'round_robin', hosts },
  ];
  const eventTypes = await Promise.all(
    kinds.map(async (kind) => {
      const id = await make(`${account}/event-types`, kind);
      return { id, gridMinutes: kind.slot_interval_minutes ?? kind.duration_minutes, hasHosts: 'hosts' in kind };
    }),
  );
  const start = Math.ceil(Date.now() / day) * day + day;
  const { organizationId, key, commands } = cluster;
  await using store = await cluster.openLog();
  for (const user of users) {
    await writePast(
      store,
      { organizationId, accountId: account.slice(account.lastIndexOf('/') + 1) },
      user,
      eventTypes[0]!.id,
    );
  }
  const doors = () => commands.filter(({ isUp }) => isUp).map(({ url }) => url);
  return {
    account,
    users,
    eventTypes,
    start,
    days: 2,
    organizationId,
    key,
    doors,
  };
}

const bookingEvents = ['created', 'requested', 'confirmed', 'declined', 'rescheduled', 'cancelled'].map(
  (name) => `booking.${name}`,
);

/** Clients at work, and faults among them. Ends when all is well again and outcomes have been asked for once more. */
async function load(t: Test, cluster: Cluster, town: Town, random: Random): Promise<Clients> {
  const faults = drawFaults(cluster, random.fork());
  const clients = new Clients(town);
  const chances = Array.from({ length: clientCount }, () => random.fork());
  const began = Date.now();
  const progress = () => {
    const [{ answers }, ms] = [clients, Date.now() - began];
    const both = Math.min(ms / enough.ms, answers / enough.fewAnswers);
    return Math.max(answers / enough.answers, both, ms / enough.longestMs);
  };
  const running: Promise<void>[] = [];
  const loading = chances.map((chance, index) => clients.run(chance, `client${index}`, () => progress() >= 1));
  for (const { name, after, run } of faults) {
    await until(() => progress() >= after, name, enough.longestMs);
    t.comment(`${Date.now() - began} ms, ${clients.answers} answers: ${name}`);
    running.push(run());
  }
  await Promise.all([...loading, ...running]);
  await clients.settle(chances);
  return clients;
}

async function logOf(cluster: Cluster): Promise<RecordedEvent[]> {
  await using store = await cluster.openLog();
  const events: RecordedEvent[] = [];
  for (let after = 0n; ; ) {
    const batch = await store.readAll({ after, maxCount: 500 });
    events.push(...batch.events);
    after = batch.position;
    if (batch.caughtUp) return events;
  }
}

/**
 * Judges until nothing is wrong, for a while: what was cut off while it was sent is sent again, and a plan that was left
 * alone is taken up by somebody else, but not at once.
 */
async function untilWhole(cluster: Cluster, town: Town, { invocations }: Clients, receiver: Receiver) {
  const reading = api(cluster.query.url, cluster.key);
  const end = Date.now() + 60_000;
  for (;;) {
    const events = await logOf(cluster);
    const violations = judge({
      invocations,
      log: events,
      received: receiver.received.map(({ id, event }) => ({ eventId: id, subject: event.subject })),
      listed: await listed(reading, town, events.at(-1)!.position),
    });
    if (violations.length === 0 || Date.now() > end) return { violations, events };
    await pause(1_000);
  }
}

async function listed(reading: Api, { account }: Town, position: bigint): Promise<Listed[]> {
  const found: Listed[] = [];
  for (let cursor = ''; ; ) {
    const min = { 'agentcal-min-position': String(position) };
    const { status, body } = await reading.get(`${account}/bookings?limit=100${cursor}`, min);
    if (status === 503) continue; // Not there yet.
    if (status !== 200) throw new Error(`bookings cannot be listed: ${JSON.stringify(body)}`);
    found.push(...body.data.map((one: Fields) => ({ id: one.id, status: one.status, start: one.start_time })));
    if (!body.has_more) return found;
    cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
  }
}

type Fields = { readonly id: string; readonly status: string; readonly start_time: string };

function tellCounts(t: Test, { invocations }: Clients, events: readonly RecordedEvent[]): void {
  const outcomes = invocations.flatMap(({ what, tries }) =>
    tries.map((one) => `${what} ${one.kind === 'unknown' ? one.why : one.kind === 'refused' ? one.code : one.kind}`),
  );
  const counts = Object.entries(Object.groupBy(outcomes, (name) => name)).map(
    ([name, all]) => `${all!.length} ${name}`,
  );
  t.comment(`${events.length} events, ${invocations.length} invocations: ${counts.sort().join(', ')}`);
  const acknowledged = outcomes.filter((name) => name.endsWith('acknowledged')).length;
  t.ok(acknowledged > 10, 'there was a load');
  t.ok(
    events.some(({ type }) => type === 'stream.snapshot-taken.v1'),
    'and services that began with snapshots',
  );
}
