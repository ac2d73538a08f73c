import type { AnyTransaction } from '../../../engine/consumer.ts';
import type { MemoryTransaction } from '../../../engine/storage/memory-transaction.ts';
import type { Delivery, DeliveryKey, Due, Endpoint, Ledger, LedgerEntries, MadeAttempt } from './port.ts';

type KeptEndpoint = Endpoint & { readonly removedAt: bigint | undefined };
/** One event for one endpoint, and what has become of it. */
export type KeptDelivery = Delivery & {
  readonly status: 'pending' | 'delivered' | 'failed' | 'dropped';
  readonly attempts: readonly MadeAttempt[];
};
type PublicEventRow = Omit<Due['event'], 'told_at' | 'told_position'> & {
  readonly told_at: number;
  readonly told_position: number;
};

const endpoints = 'webhooks.endpoints';
const deliveries = 'webhooks.deliveries';
const publicEvents = 'read.public_events';

/** The ledger in a memory storage, beside the read models there, for the simulation. */
export function createMemoryLedger(
  transaction: <R>(work: (rows: MemoryTransaction) => R | Promise<R>) => Promise<R>,
): Ledger {
  const changeDelivery = (key: DeliveryKey, change: (kept: KeptDelivery) => Partial<KeptDelivery>) =>
    transaction((rows) => {
      const kept = get<KeptDelivery>(rows, deliveries, idOf(key));
      if (kept) put(rows, deliveries, idOf(key), { ...kept, ...change(kept) });
    });
  return {
    within: (trx: AnyTransaction) => entriesIn(trx as unknown as MemoryTransaction),
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
    record: (delivery, made) =>
      changeDelivery(delivery, ({ status, attempts }) => ({
        attempts: [...attempts, made],
        status: made.delivered ? 'delivered' : made.isLast ? 'failed' : status,
      })),
    drop: (delivery) => changeDelivery(delivery, () => ({ status: 'dropped' })),
  };
}

function entriesIn(rows: MemoryTransaction): LedgerEntries {
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
            return { webhookId, eventId, subject, position: BigInt(told_position), status: 'pending', attempts: [] };
          }),
      );
      const noted = due.filter((delivery) => !get(rows, deliveries, idOf(delivery)));
      for (const delivery of noted) put(rows, deliveries, idOf(delivery), delivery);
      return noted;
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
