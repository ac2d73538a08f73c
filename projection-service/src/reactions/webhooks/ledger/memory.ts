import { type Clock, type Instant, second } from '@agentcal/shared/kernel/time';
import type { AnyTransaction } from '../../../engine/consumer.ts';
import type { MemoryTransaction } from '../../../engine/storage/memory-transaction.ts';
import type {
  DeliveryKey,
  DueDelivery,
  Endpoint,
  Ledger,
  LedgerEntries,
  MadeAttempt,
  Outgoing,
  Turn,
  WantedTurns,
} from './port.ts';

type KeptEndpoint = Endpoint & { readonly removedAt: bigint | undefined };
/** One event for one endpoint, and what has become of it. */
export type KeptDelivery = DeliveryKey & {
  readonly subject: string;
  readonly position: bigint;
  readonly status: 'pending' | 'delivered' | 'failed' | 'dropped';
  readonly attempts: readonly MadeAttempt[];
  readonly createdAt: Instant;
  readonly dueAt: Instant;
};
type KeptTurn = Turn & { readonly failingSince: Instant | undefined; readonly freeFrom: Instant };
type PublicEventRow = Omit<Outgoing['event'], 'told_at' | 'told_position'> & {
  readonly told_at: number;
  readonly told_position: number;
};

const endpoints = 'webhooks.endpoints';
const deliveries = 'webhooks.deliveries';
const turns = 'webhooks.turns';
const publicEvents = 'read.public_events';

type Transacting = <R>(work: (rows: MemoryTransaction) => R | Promise<R>) => Promise<R>;

/** The ledger in a memory storage, beside the read models there, for the simulation. */
export function createMemoryLedger(transaction: Transacting, clock: Clock): Ledger {
  return {
    within: (trx: AnyTransaction) => entriesIn(trx as unknown as MemoryTransaction, clock),
    ...turnsIn(transaction, clock),
    find: ({ webhookId, eventId }) =>
      transaction((rows) => {
        const endpoint = get<KeptEndpoint>(rows, endpoints, webhookId);
        const row = all<PublicEventRow>(rows, publicEvents).find((one) => one.event_id === eventId);
        if (!endpoint || row?.organization_id !== endpoint.organizationId) return undefined;
        const event = { ...row, told_at: new Date(row.told_at), told_position: `${row.told_position}` };
        return { url: endpoint.url, isRemoved: endpoint.removedAt !== undefined, event };
      }),
    isRemoved: (webhookId) =>
      transaction((rows) => get<KeptEndpoint>(rows, endpoints, webhookId)?.removedAt !== undefined),
    record: ({ webhookId, eventId, subject }, made) =>
      transaction((rows) => {
        const { delivered, retrySeconds } = made;
        const kept = get<KeptDelivery>(rows, deliveries, idOf({ webhookId, eventId }));
        if (!kept) return;
        const end = delivered ? 'delivered' : retrySeconds === undefined ? 'failed' : 'pending';
        const status = delivered || kept.status === 'pending' ? end : kept.status;
        change(rows, kept, { status, attempts: [...kept.attempts, made] });
        if (end !== 'pending') return;
        const dueAt = clock.now() + retrySeconds! * second;
        for (const one of pendingOf(rows, webhookId)) if (one.subject === subject) change(rows, one, { dueAt });
      }),
    drop: (webhookId) =>
      transaction((rows) => {
        for (const one of pendingOf(rows, webhookId)) change(rows, one, { status: 'dropped' });
      }),
  };
}

function turnsIn(transaction: Transacting, clock: Clock): Pick<Ledger, 'take' | 'keep' | 'end' | 'release' | 'due'> {
  const turnOf = (rows: MemoryTransaction, webhookId: string): KeptTurn =>
    get<KeptTurn>(rows, turns, webhookId) ?? {
      webhookId,
      number: 0,
      failures: 0,
      failingSince: undefined,
      freeFrom: 0,
    };
  const isHeld = (rows: MemoryTransaction, { webhookId, number }: Turn) => turnOf(rows, webhookId).number === number;
  const put = (rows: MemoryTransaction, turn: KeptTurn) => rows.set(turns, turn.webhookId, turn as never);
  return {
    take: ({ sound, failing, holdSeconds }: WantedTurns) =>
      transaction((rows) => {
        const now = clock.now();
        const waiting = new Set(all<KeptDelivery>(rows, deliveries).map(({ webhookId }) => webhookId));
        const ready = [...waiting]
          .map((webhookId) => turnOf(rows, webhookId))
          .filter(({ webhookId, freeFrom }) => freeFrom <= now && dueIn(rows, webhookId, now).length > 0)
          .toSorted((a, b) => a.freeFrom - b.freeFrom);
        const taken = [
          ...ready.filter(({ failures }) => failures === 0).slice(0, sound),
          ...ready.filter(({ failures }) => failures > 0).slice(0, failing),
        ].map((turn) => ({ ...turn, number: turn.number + 1, freeFrom: now + holdSeconds * second }));
        for (const turn of taken) put(rows, turn);
        return taken;
      }),
    keep: (held, holdSeconds) =>
      transaction((rows) => {
        const still = held.filter((turn) => isHeld(rows, turn));
        const freeFrom = clock.now() + holdSeconds * second;
        for (const { webhookId } of still) put(rows, { ...turnOf(rows, webhookId), freeFrom });
        return still;
      }),
    end: (turn, { failures, restSeconds, isBack, giveUpAfterSeconds }) =>
      transaction((rows) => {
        if (!isHeld(rows, turn)) return;
        const now = clock.now();
        const { webhookId, number } = turn;
        const failingSince = failures > 0 ? (turnOf(rows, webhookId).failingSince ?? now) : undefined;
        put(rows, { webhookId, number: number + 1, failures, failingSince, freeFrom: now + restSeconds * second });
        const longAgo = now - giveUpAfterSeconds * second;
        const hasFailedLong = failingSince !== undefined && failingSince < longAgo;
        for (const one of pendingOf(rows, webhookId)) {
          if (isBack) change(rows, one, { dueAt: now });
          if (hasFailedLong && one.createdAt < longAgo) change(rows, one, { status: 'failed' });
        }
      }),
    release: (turn) =>
      transaction((rows) => {
        const { webhookId, number } = turn;
        if (!isHeld(rows, turn)) return;
        put(rows, { ...turnOf(rows, webhookId), number: number + 1, freeFrom: clock.now() });
      }),
    due: (webhookId, limit) =>
      transaction((rows) => {
        const due = dueIn(rows, webhookId, clock.now()).slice(0, limit);
        return due.map(({ attempts, ...one }): DueDelivery => ({ ...one, attempts: attempts.length }));
      }),
  };
}

function pendingOf(rows: MemoryTransaction, webhookId: string): KeptDelivery[] {
  const kept = all<KeptDelivery>(rows, deliveries);
  return kept.filter((one) => one.webhookId === webhookId && one.status === 'pending');
}

function dueIn(rows: MemoryTransaction, webhookId: string, now: Instant): KeptDelivery[] {
  const pending = pendingOf(rows, webhookId).toSorted((a, b) => (a.position < b.position ? -1 : 1));
  const heads = pending.filter((one, index) => pending.findIndex(({ subject }) => subject === one.subject) === index);
  return heads.filter(({ dueAt }) => dueAt <= now).toSorted((a, b) => a.dueAt - b.dueAt);
}

function change(rows: MemoryTransaction, kept: KeptDelivery, changed: Partial<KeptDelivery>): void {
  put(rows, deliveries, idOf(kept), { ...kept, ...changed });
}

function entriesIn(rows: MemoryTransaction, clock: Clock): LedgerEntries {
  return {
    register: async (endpoint) => {
      if (get(rows, endpoints, endpoint.webhookId)) return;
      put(rows, endpoints, endpoint.webhookId, { ...endpoint, removedAt: undefined });
    },
    remove: async (webhookId, position) => {
      const endpoint = get<KeptEndpoint>(rows, endpoints, webhookId);
      if (endpoint) put(rows, endpoints, webhookId, { ...endpoint, removedAt: position });
    },
    forgetEndpoints: async () => {
      for (const { webhookId } of all<KeptEndpoint>(rows, endpoints)) rows.set(endpoints, webhookId, undefined);
    },
    owe: async (eventIds) => {
      const told = all<PublicEventRow>(rows, publicEvents).filter(({ event_id }) => eventIds.includes(event_id));
      const due = told.flatMap((event) =>
        all<KeptEndpoint>(rows, endpoints)
          .filter((endpoint) => hears(endpoint, event))
          .map(({ webhookId }): KeptDelivery => {
            const { event_id: eventId, subject, told_position } = event;
            const position = BigInt(told_position);
            const now = clock.now();
            const times = { createdAt: now, dueAt: now };
            return { webhookId, eventId, subject, position, status: 'pending', attempts: [], ...times };
          }),
      );
      const noted = due.filter((delivery) => !get(rows, deliveries, idOf(delivery)));
      for (const delivery of noted) put(rows, deliveries, idOf(delivery), delivery);
      return noted.length;
    },
  };
}

function hears(endpoint: KeptEndpoint, { organization_id, livemode, type, told_position }: PublicEventRow): boolean {
  const { registeredAt, removedAt } = endpoint;
  const isTheirs = organization_id === endpoint.organizationId && livemode === endpoint.livemode;
  const wasThere = registeredAt < told_position && (removedAt === undefined || removedAt > told_position);
  return isTheirs && wasThere && endpoint.events.includes(type);
}

const idOf = ({ webhookId, eventId }: DeliveryKey): string => `${webhookId} ${eventId}`;
const get = <T>(rows: MemoryTransaction, table: string, id: string) => rows.get(table, id) as unknown as T | undefined;
const all = <T>(rows: MemoryTransaction, table: string) => rows.all(table) as unknown as readonly T[];
const put = (rows: MemoryTransaction, table: string, id: string, row: object) => rows.set(table, id, row as never);
