import { type Generated, type Kysely, sql } from 'kysely';

/**
 * What the dispatch of webhooks has to remember, in schema `webhooks`. Not a read model: deliveries and
 * attempts are facts of their own, and are not in the log.
 */
export interface WebhookTables {
  /** An endpoint gets what happened between its two positions. */
  'webhooks.endpoints': {
    webhook_id: string;
    organization_id: string;
    livemode: boolean;
    url: string;
    events: string[];
    registered_position: string;
    removed_position: string | null;
  };
  /**
   * One event for one endpoint. `failed`: given up after about a day in which no attempt succeeded. `dropped`: the endpoint
   * was removed first.
   */
  'webhooks.deliveries': {
    webhook_id: string;
    event_id: string;
    event_type: string;
    subject: string;
    position: string;
    status: 'pending' | 'delivered' | 'failed' | 'dropped';
    attempts: Generated<number>;
    created_at: Generated<Date>;
    /** While it is pending: no attempt is made before. */
    due_at: Generated<Date>;
    finished_at: Date | null;
  };
  /** An endpoint that was ever sent to. */
  'webhooks.turns': {
    webhook_id: string;
    number: number;
    /** Attempts in a row. */
    failures: number;
    failing_since: Date | null;
    /** Nobody takes it before: it is held by a process that sends to it, or rests. */
    free_from: Date;
  };
  'webhooks.attempts': {
    id: Generated<string>;
    webhook_id: string;
    event_id: string;
    attempt: number;
    attempted_at: Date;
    delivered: boolean;
    status_code: number | null;
    detail: string | null;
    duration_ms: number;
  };
}

// biome-ignore lint/suspicious/noExplicitAny: runs in whatever transaction it is given
export async function createWebhookTables(db: Kysely<any>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('agentcal webhooks schema'))`.execute(db);
  await sql`create schema if not exists webhooks`.execute(db);
  await sql`create table if not exists webhooks.endpoints (
    webhook_id text primary key, organization_id text not null, livemode boolean not null, url text not null,
    events text[] not null, registered_position bigint not null, removed_position bigint)`.execute(db);
  await sql`create index if not exists endpoints_by_organization on webhooks.endpoints (organization_id, livemode)`.execute(
    db,
  );
  await sql`create table if not exists webhooks.deliveries (
    webhook_id text not null, event_id uuid not null, event_type text not null, subject text not null, position bigint not null,
    status text not null, attempts integer not null default 0, created_at timestamptz not null default now(),
    finished_at timestamptz, primary key (webhook_id, event_id))`.execute(db);
  await sql`alter table webhooks.deliveries add column if not exists due_at timestamptz not null default now()`.execute(
    db,
  );
  await sql`create index if not exists pending_by_due on webhooks.deliveries (webhook_id, due_at, position)
    where status = 'pending'`.execute(db);
  await sql`create index if not exists pending_by_subject on webhooks.deliveries (webhook_id, subject, position)
    where status = 'pending'`.execute(db);
  await sql`create table if not exists webhooks.turns (
    webhook_id text primary key, number integer not null, failures integer not null, failing_since timestamptz,
    free_from timestamptz not null)`.execute(db);
  await sql`create table if not exists webhooks.attempts (
    id bigint generated always as identity primary key, webhook_id text not null, event_id uuid not null, attempt integer not null,
    attempted_at timestamptz not null, delivered boolean not null, status_code integer, detail text, duration_ms integer not null)`.execute(
    db,
  );
  await sql`create index if not exists attempts_by_webhook on webhooks.attempts (webhook_id, id)`.execute(db);
}
