import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalBus } from '@agentcal/shared/bus/local';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import { openBookingLinks } from '@agentcal/shared/http/booking-links';
import { systemClock } from '@agentcal/shared/kernel/time';
import { realTiming } from '@agentcal/shared/kernel/timing';
import { testDatabase } from '@agentcal/shared/testing/database';
import { createMemoryVault } from '@agentcal/shared/vault/memory';
import { newWebhookSecret } from '@agentcal/shared/webhooks/signature';
import { Kysely, PostgresDialect } from 'kysely';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import type { Test } from 'tap';
import { startEngine } from '../../engine/engine.ts';
import { createLeadership } from '../../engine/leadership.ts';
import { createPostgresStorage } from '../../engine/storage/postgres.ts';
import { startJobs } from '../../jobs/boss.ts';
import { createProgress } from '../../progress.ts';
import { publicEventsProjection } from '../../read-models/public-events/projection.ts';
import { createSender } from './attempt.ts';
import { startDeliveries } from './delivery.ts';
import { openDispatch } from './dispatch.ts';
import { type DispatchTerms, dispatchTerms } from './dispatcher/terms.ts';
import { webhooksReaction } from './reaction.ts';
import type { Sender } from './sender.ts';

export const organization_id = 'org_1';
export const secret = newWebhookSecret();

/** What failed is tried again at once. */
const atOnce: Partial<DispatchTerms> = { retry: { firstSeconds: 0, longestSeconds: 0 }, lookEverySeconds: 0.5 };

/** The log, its followers and the queue of deliveries, with a receiver that answers as it is told to. */
export async function product(
  t: Test,
  sender: Sender = createSender({ policy: { allowLoopback: true } }),
  terms = atOnce,
) {
  const { pool, url } = await testDatabase(t);
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  const bus = createLocalBus();
  const store = createMemoryEventStore();
  const vault = createMemoryVault();
  const quiet = pino({ level: 'silent' });
  const answers: number[] = [];
  const received: {
    id: string;
    verified: boolean;
    delivered: boolean;
    event: Record<string, unknown> & { subject: string; sequence: string };
  }[] = [];
  const receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const status = answers.shift() ?? 204;
    let verified = true;
    try {
      new Webhook(secret).verify(body, request.headers as Record<string, string>);
    } catch {
      verified = false;
    }
    received.push({
      id: String(request.headers['webhook-id']),
      verified,
      delivered: status < 300,
      event: JSON.parse(body),
    });
    response.writeHead(status).end(status < 300 ? undefined : 'not now');
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  const boss = await startJobs({ databaseUrl: url, log: quiet });
  const progress = createProgress({ db, bus, pollMs: 10 });
  const leadership = createLeadership({ pool, retryMs: 20 });
  const links = await openBookingLinks(vault, () => 'https://book.example.test');
  const dispatch = await openDispatch(db, boss, { firstRetrySeconds: 0, lookEverySeconds: 0.5 });
  const deliveries = await startDeliveries({
    ...dispatch,
    vault,
    sender,
    links,
    bus,
    clock: systemClock,
    timing: realTiming,
    log: quiet,
    terms: { ...dispatchTerms, ...terms },
  });
  const engine = await startEngine([publicEventsProjection, webhooksReaction(dispatch)], {
    storage: createPostgresStorage(pool),
    store,
    bus,
    vault,
    clock: systemClock,
    log: quiet,
    progress,
    leadership,
  });
  t.teardown(async () => {
    await engine.stop();
    await deliveries.stop();
    await boss.stop({ timeout: 2_000 });
    await sender.close();
    await leadership.close();
    progress.close();
    receiver.closeAllConnections();
    receiver.close();
  });
  let ids = 0;
  const log = async (stream: string, ...events: { type: string; data: object }[]) => {
    const made = await Promise.all(
      events.map(async ({ type, data }) => ({
        id: `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
        type,
        data:
          'attendee' in data
            ? { ...data, attendee: await vault.seal({ scope: 'acct_1', kind: 'attendee', id: 'mia' }, data.attendee) }
            : data,
        metadata: {
          occurred_at: '2026-01-01T00:00:00Z',
          organization_id,
          account_id: 'acct_1',
          livemode: false,
          actor: { kind: 'system' as const, id: 'test' },
          command_id: 'command',
          fingerprint: '',
          correlation_id: 'command',
        },
      })),
    );
    const { position } = await store.append(stream, 'any', made);
    return { reached: () => progress.reached(['webhooks'], position, 10_000) };
  };
  const rows = async (query: string) => (await pool.query(query)).rows;
  return {
    log,
    vault,
    received,
    answerWith: (...statuses: number[]) => void answers.push(...statuses),
    dispatch: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`,
    /** As if what is delivered had not been noted. */
    sendAgain: () => rows("update webhooks.deliveries set status = 'pending'"),
    statuses: async () =>
      (await rows('select status from webhooks.deliveries order by position')).map(({ status }) => status),
    attempts: () => rows('select attempt, delivered, status_code, detail from webhooks.attempts order by id'),
  };
}

export const registered = (webhook_id: string, url: string, events: readonly string[]) => ({
  type: 'organization.webhook-registered.v1',
  data: { organization_id, webhook_id, url, events, livemode: false },
});

const judged_by = { event_type_revision: 0, duration_minutes: 30, buffer_before: 0, buffer_after: 0, timezone: 'UTC' };

export const created = (booking_id: string) => ({
  type: 'calendar.booking-created.v1',
  data: {
    booking_id,
    user_id: 'user_1',
    account_id: 'acct_1',
    event_type_id: 'evt_1',
    start_time: '2026-11-24T09:00:00Z',
    end_time: '2026-11-24T09:30:00Z',
    attendee: { email: 'mia@example.test', name: 'Mia' },
    metadata: {},
    judged_by,
  },
});

export const rescheduled = (booking_id: string) => ({
  type: 'calendar.booking-rescheduled.v1',
  data: {
    booking_id,
    user_id: 'user_1',
    start_time: '2026-11-24T10:00:00Z',
    end_time: '2026-11-24T10:30:00Z',
    previous_start_time: '2026-11-24T09:00:00Z',
    previous_end_time: '2026-11-24T09:30:00Z',
    judged_by,
  },
});
