import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { WebhookTables } from '../table.ts';
import type { Ledger } from './port.ts';

/** Whose turn it is, by the clock of Postgres. */
export function turnsIn(db: Kysely<WebhookTables>): Pick<Ledger, 'take' | 'keep' | 'end' | 'release' | 'due'> {
  return {
    take: async ({ sound, failing, holdSeconds }) => {
      // Of two who take the same endpoint, the second finds it taken: its row is judged again once the first is done.
      const { rows } = await sql<TurnRow>`
        with recursive waiting as (
          (${firstPendingAfter(sql`''`)})
          union all
          select (${firstPendingAfter(sql`waiting.webhook_id`)}) from waiting where waiting.webhook_id is not null
        ), ready as (
          select w.webhook_id, coalesce(t.failures, 0) > 0 as is_failing, row_number() over
            (partition by coalesce(t.failures, 0) > 0 order by t.free_from nulls first) as place
          from waiting w left join webhooks.turns t using (webhook_id)
          where w.webhook_id is not null and coalesce(t.free_from <= now(), true) and (${dueFor(sql`w.webhook_id`, 1, sql`true`)})
        )
        insert into webhooks.turns as t (webhook_id, number, failures, free_from)
        select webhook_id, 1, 0, ${inSeconds(holdSeconds)} from ready
          where place <= case when is_failing then ${failing}::int else ${sound}::int end order by webhook_id
        on conflict (webhook_id) do update set number = t.number + 1, free_from = excluded.free_from
          where t.free_from <= now()
        returning webhook_id, number, failures`.execute(db);
      return rows.map(({ webhook_id: webhookId, ...turn }) => ({ webhookId, ...turn }));
    },
    keep: async (turns, holdSeconds) => {
      const { rows } = await sql<Omit<TurnRow, 'failures'>>`
        update webhooks.turns t set free_from = ${inSeconds(holdSeconds)}
        from unnest(${turns.map(({ webhookId }) => webhookId)}::text[], ${turns.map(({ number }) => number)}::int[])
          as mine (webhook_id, number)
        where t.webhook_id = mine.webhook_id and t.number = mine.number
        returning t.webhook_id, t.number`.execute(db);
      const held = new Map(rows.map(({ webhook_id, number }) => [webhook_id, number]));
      return turns.filter(({ webhookId, number }) => held.get(webhookId) === number);
    },
    end: async ({ webhookId, number }, { failures, restSeconds, isBack, giveUpAfterSeconds }) => {
      const { rows } = await sql<{ has_failed_long: boolean | null }>`
        update webhooks.turns set number = number + 1, failures = ${failures}, free_from = ${inSeconds(restSeconds)},
          failing_since = case when ${failures}::int > 0 then coalesce(failing_since, now()) end
        where webhook_id = ${webhookId} and number = ${number}
        returning failing_since < ${inSeconds(-giveUpAfterSeconds)} as has_failed_long`.execute(db);
      if (rows.length === 0) return;
      const ofEndpoint = sql`webhook_id = ${webhookId} and status = 'pending'`;
      if (isBack) await sql`update webhooks.deliveries set due_at = now() where ${ofEndpoint}`.execute(db);
      if (rows[0]?.has_failed_long) {
        await sql`update webhooks.deliveries set status = 'failed', finished_at = now()
          where ${ofEndpoint} and created_at < ${inSeconds(-giveUpAfterSeconds)}`.execute(db);
      }
    },
    release: async ({ webhookId, number }) => {
      await sql`update webhooks.turns set number = number + 1, free_from = now()
        where webhook_id = ${webhookId} and number = ${number}`.execute(db);
    },
    due: async (webhookId, limit) => {
      const { rows } = await sql<{ event_id: string; subject: string; attempts: number }>`
        ${dueFor(sql`${webhookId}`, limit, sql`d.event_id, d.subject, d.attempts`)}`.execute(db);
      return rows.map(({ event_id: eventId, ...row }) => ({ webhookId, eventId, ...row }));
    },
  };
}

interface TurnRow {
  readonly webhook_id: string;
  readonly number: number;
  readonly failures: number;
}

/** The next endpoint that something waits for: one step in the index, however much waits. */
function firstPendingAfter(webhookId: RawBuilder<unknown>) {
  return sql`select p.webhook_id from webhooks.deliveries p
    where p.status = 'pending' and p.webhook_id > ${webhookId} order by p.webhook_id limit 1`;
}

/**
 * What the endpoint can be told now. Written so that Postgres walks along its index until it has enough, with one step
 * in another one for each: as `exists` and `not exists` it would rather read everything that waits.
 */
function dueFor(webhookId: RawBuilder<unknown>, limit: number, columns: RawBuilder<unknown>) {
  return sql`select ${columns} from webhooks.deliveries d
    where d.webhook_id = ${webhookId} and d.status = 'pending' and d.due_at <= now() and d.position =
      (select min(b.position) from webhooks.deliveries b
        where b.webhook_id = d.webhook_id and b.subject = d.subject and b.status = 'pending')
    order by d.due_at, d.position limit ${limit}`;
}

export function inSeconds(seconds: number): RawBuilder<Date> {
  return sql<Date>`now() + make_interval(secs => ${seconds})`;
}
