import { projectionService } from '@agentcal/projection-service/service';
import { createLocalBus } from '@agentcal/shared/bus/local';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import { hashKey, hintOf, newKey } from '@agentcal/shared/http/keys';
import { scopes } from '@agentcal/shared/http/principal';
import { createServer } from '@agentcal/shared/http/server';
import type { Position } from '@agentcal/shared/kernel/event';
import { newId } from '@agentcal/shared/kernel/ids';
import { type Clock, type Interval, toIso } from '@agentcal/shared/kernel/time';
import { readConfig, requireEngines } from '@agentcal/shared/process/config';
import type { Deps } from '@agentcal/shared/process/deps';
import { testDatabase } from '@agentcal/shared/testing/database';
import { createMemoryVault } from '@agentcal/shared/vault/memory';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import pino from 'pino';
import { queryService } from './service.ts';

/** The read side by itself: events are put into the log as the write side would, and read through HTTP. */
export interface TestProduct {
  readonly app: FastifyInstance;
  readonly deps: Deps;
  /** The present; a test may move it. */
  readonly clock: { at: number };
  /** Appends events that happened in one stream. Answers the position that a read has to wait for. */
  append(
    organizationId: string,
    streamId: string,
    ...events: readonly [type: string, data: object][]
  ): Promise<Position>;
  /** A new organization with a key in test mode and one in live mode. */
  organization(): Promise<TestOrganization>;
}

export interface TestOrganization {
  readonly id: string;
  readonly testKey: string;
  readonly liveKey: string;
  /** GETs as this organization, seeing everything that has been appended so far. */
  get(path: string, options?: { key?: string; headers?: Record<string, string> }): Promise<LightMyRequestResponse>;
  append(streamId: string, ...events: readonly [type: string, data: object][]): Promise<Position>;
}

export async function testProduct(t: { teardown(handler: () => Promise<unknown>): unknown }): Promise<TestProduct> {
  const { url, pool } = await testDatabase(t);
  const clock: Clock & { at: number } = { at: Date.parse('2026-11-20T12:00:00Z'), now: () => clock.at };
  const log = pino({ level: 'silent' });
  const config = requireEngines(
    readConfig({ DATABASE_URL: url, AGENTCAL_VAULT_KEY: Buffer.alloc(32).toString('base64') }),
  );
  const store = createMemoryEventStore();
  const deps: Deps = { config, log, clock, store, bus: createLocalBus(), vault: createMemoryVault(), pool };
  const app = await createServer({ log });
  await app.register(projectionService(deps));
  await app.register(queryService(deps));
  await app.ready();
  t.teardown(() => app.close());

  let count = 0;
  let last: Position = 0n;
  const append: TestProduct['append'] = async (organizationId, streamId, ...events) => {
    const livemode = streamId.endsWith('_live');
    const recorded = events.map(([type, data]) => {
      count += 1;
      const account = 'account_id' in data ? { account_id: String(data.account_id) } : {};
      const actor = { kind: 'key', id: 'key_test' } as const;
      const ids = { command_id: `command-${count}`, fingerprint: '', correlation_id: `command-${count}` };
      const occurred_at = toIso(Date.parse('2026-11-01T00:00:00Z') + count * 1_000);
      const metadata = { occurred_at, organization_id: organizationId, ...account, livemode, actor, ...ids };
      return { id: `event-${count}`, type, data, metadata };
    });
    const { position } = await store.append(streamId.replace(/_live$/, ''), 'any', recorded);
    last = position;
    return position;
  };

  return {
    app,
    deps,
    clock,
    append,
    organization: async () => {
      const id = newId('organization');
      const testKey = newKey({ kind: 'secret', livemode: false, organizationId: id });
      const liveKey = newKey({ kind: 'secret', livemode: true, organizationId: id });
      await append(id, `organization-${id}`, [
        'organization.registered.v1',
        { organization_id: id, name: 'SaaS', plan: 'free' },
      ]);
      for (const key of [testKey, liveKey]) await append(id, `organization-${id}`, issued(id, key));
      return {
        id,
        testKey,
        liveKey,
        append: (streamId, ...events) => append(id, streamId, ...events),
        get: (path, { key = testKey, headers = {} } = {}) =>
          app.inject({
            url: path,
            headers: { authorization: `Bearer ${key}`, 'agentcal-min-position': `${last}`, ...headers },
          }),
      };
    },
  };
}

/** The event of a secret key that may do everything, unless it is said what it may. */
export function issued(organizationId: string, key: string, may: readonly string[] = scopes): [string, object] {
  const data = {
    organization_id: organizationId,
    key_id: newId('key'),
    name: 'Key',
    hash: hashKey(key),
    hint: hintOf(key),
    livemode: key.startsWith('sk_live_'),
    scopes: may,
  };
  return ['organization.secret-key-issued.v1', data];
}

interface Booked {
  readonly email?: string;
  readonly minutes?: number;
  readonly eventTypeId?: string;
  /** Where the host has yet to confirm it. */
  readonly expires_at?: string;
}

/** An account with a user and an event type of half an hour, in an organization. */
export async function openShop(organization: TestOrganization, { vault }: Deps, more: { terms?: object } = {}) {
  const accountId = newId('account');
  const userId = newId('user');
  const eventTypeId = newId('eventType');
  await organization.append(`account-${accountId}`, [
    'account.connected.v1',
    { account_id: accountId, organization_id: organization.id, name: 'Acme', metadata: { crm: '7' }, livemode: false },
  ]);
  const subject = { scope: accountId, kind: 'user', id: userId } as const;
  const profile = await vault.seal(subject, { name: 'John', email: 'john@acme.test' });
  await organization.append(`user-${userId}`, [
    'user.added.v1',
    { user_id: userId, account_id: accountId, profile, timezone: 'America/New_York' },
  ]);
  const terms = { duration_minutes: 30, buffer_before: 0, buffer_after: 0, min_notice_minutes: 0, ...more.terms };
  const settings = { name: 'Consultation', slug: 'consultation', terms, metadata: {} };
  await organization.append(`eventtype-${eventTypeId}`, [
    'eventtype.defined.v1',
    { event_type_id: eventTypeId, account_id: accountId, settings },
  ]);
  const account = `/v1/accounts/${accountId}`;
  let bookings = 0;
  const book = async (start: string, details: Booked = {}) => {
    bookings += 1;
    const { email = 'mia@example.test', minutes = 30 } = details;
    const id = `bkg_${userId.slice(5)}${newId('user').slice(5)}`;
    const attendee = await vault.seal({ scope: accountId, kind: 'attendee', id: email }, { email, name: 'Mia' });
    const data = {
      booking_id: id,
      user_id: userId,
      account_id: accountId,
      event_type_id: details.eventTypeId ?? eventTypeId,
      start_time: start,
      end_time: toIso(Date.parse(start) + minutes * 60_000),
      attendee,
      metadata: { n: String(bookings) },
      judged_by: {
        event_type_revision: 0,
        duration_minutes: minutes,
        buffer_before: 0,
        buffer_after: 0,
        timezone: 'UTC',
      },
    };
    const { expires_at } = details;
    const what = expires_at === undefined ? 'created' : 'requested';
    await organization.append(`calendar-${userId}`, [
      `calendar.booking-${what}.v1`,
      { ...data, ...(expires_at && { expires_at }) },
    ]);
    return id;
  };
  /** Something that happened to a booking. */
  const happened = (what: string, booking_id: string, more: object = {}) =>
    organization.append(`calendar-${userId}`, [
      `calendar.${what}.v1`,
      { booking_id, user_id: userId, account_id: accountId, ...more },
    ]);
  return { account, accountId, userId, eventTypeId, book, happened };
}

/** A further user of an account: with a schedule of their own, busy time, whatever `added` says besides. */
export async function addUser(
  organization: TestOrganization,
  accountId: string,
  {
    timezone,
    schedule,
    busy = [],
    added,
  }: { timezone: string; schedule?: object; busy?: readonly Interval[]; added?: object },
): Promise<string> {
  const userId = newId('user');
  const of = { user_id: userId, account_id: accountId };
  await organization.append(`user-${userId}`, ['user.added.v1', { ...of, profile: null, timezone, ...added }]);
  if (schedule) await organization.append(`user-${userId}`, ['user.schedule-set.v1', { user_id: userId, schedule }]);
  if (busy.length === 0) return userId;
  const start = Math.min(...busy.map(({ start }) => start));
  const window = { window_start: toIso(start), window_end: toIso(Math.max(...busy.map(({ end }) => end))) };
  const mirrored = busy.map(({ start, end }) => ({ start_time: toIso(start), end_time: toIso(end) }));
  await organization.append(`calendar-${userId}`, [
    'calendar.external-busy-mirrored.v1',
    { ...of, source: 's', ...window, busy: mirrored },
  ]);
  return userId;
}

/** A further event type of an account; `terms` go before half an hour without any other rule. */
export async function defineEventType(
  organization: TestOrganization,
  accountId: string,
  { terms, ...more }: { terms?: object; [setting: string]: unknown },
): Promise<string> {
  const eventTypeId = newId('eventType');
  const all = { duration_minutes: 30, buffer_before: 0, buffer_after: 0, min_notice_minutes: 0, ...terms };
  const settings = { name: 'Meeting', slug: eventTypeId.replace('_', '-'), terms: all, metadata: {}, ...more };
  await organization.append(`eventtype-${eventTypeId}`, [
    'eventtype.defined.v1',
    { event_type_id: eventTypeId, account_id: accountId, settings },
  ]);
  return eventTypeId;
}
