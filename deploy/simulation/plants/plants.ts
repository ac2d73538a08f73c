import { createHash } from 'node:crypto';
import { applyBatch, type Message } from '@agentcal/projection-service/simulation';
import { type EventStore, StoreUnavailable } from '@agentcal/shared/event-store/port';
import type { NewEvent, RecordedEvent } from '@agentcal/shared/kernel/event';
import { hour } from '@agentcal/shared/kernel/time';
import type { Bug } from './plant.ts';

const isCalendar = (streamId: string) => streamId.startsWith('calendar-');

const never = Number.POSITIVE_INFINITY;

/** Bugs of the kinds that such a product has had somewhere. Each must be found by the checker, in few seeds. */
export const plants = {
  'a skipped revision check': {
    found: /overlaps|more than once/,
    store: (store) => ({
      ...store,
      append: (streamId, expected, events) => store.append(streamId, isCalendar(streamId) ? 'any' : expected, events),
    }),
  },

  'a hold honoured past its expiry': {
    found: /used after its time|is free in the read model, and holding it says 409/,
    executor: (executor) => ({
      ...executor,
      execute: (aggregate, ...rest) => executor.execute(withLongHolds(aggregate), ...rest),
      load: (aggregate, ...rest) => executor.load(withLongHolds(aggregate), ...rest),
    }),
  },

  'a checkpoint before its rows': {
    found: /led to nothing|before its row was there|folds to/,
    commit: async (storage, consumer, seat, batch) => {
      const moved = await storage.moveSeat(seat, batch.position);
      const rows = { ...seat, position: batch.position };
      await storage.transaction((trx) => applyBatch(trx, consumer, rows, batch));
      return moved;
    },
  },

  'rows before their checkpoint': {
    found: /told \d times|folds to/,
    commit: async (storage, consumer, seat, batch) => {
      await storage.transaction((trx) => applyBatch(trx, consumer, seat, batch));
      return storage.moveSeat(seat, batch.position);
    },
  },

  'a leader that nobody fences': {
    found: /told \d times|folds to/,
    weather: { lockLost: 1, crashEverySeconds: never, storageFails: 0 },
    commit: async (storage, consumer, seat, batch) =>
      storage.transaction(async (trx) => {
        await applyBatch(trx, consumer, seat, batch);
        const current = await trx.findSeat(consumer.name, seat.slot);
        return trx.moveSeat(current ?? seat, batch.position);
      }),
  },

  'a reader that passes gaps': { found: /led to nothing|folds to/, passesGaps: true },

  'a retry with a new id': {
    found: /more than once|overlaps/,
    store: (store) => ({
      ...store,
      append: (streamId, expected, events) =>
        store.append(streamId, expected, events).catch((error) => {
          if (!(error instanceof StoreUnavailable) || !isCalendar(streamId)) throw error;
          return store.append(streamId, 'any', events.map(renamed));
        }),
    }),
  },

  'a swallowed unknown outcome': {
    found: /acknowledged, and (is not in the log|nothing|the booking was never)/,
    store: (store) => ({
      ...store,
      append: (streamId, expected, events) =>
        store.append(streamId, expected, events).catch((error) => {
          if (!(error instanceof StoreUnavailable) || !isCalendar(streamId)) throw error;
          const before = typeof expected === 'number' ? expected : -1;
          return { revision: before + events.length, position: 1n, repeated: false };
        }),
    }),
  },

  'a lost undo': {
    found: /is an orphan/,
    executor: (executor) => ({
      ...executor,
      execute: async (aggregate, id, command, ...rest) => {
        if (command.type !== 'ReleaseParts') return executor.execute(aggregate, id, command, ...rest);
        return { ...(await executor.load(aggregate, id)), events: [], repeated: false };
      },
    }),
  },

  'a delivery that is done before it was sent': {
    found: /never heard of/,
    sender: (sender) => ({
      ...sender,
      send: async (message) => {
        sender.send(message).catch(() => {});
        return { delivered: true, statusCode: 204, detail: null, durationMs: 0 };
      },
    }),
  },

  'a delivery that is tried again behind the next one': {
    found: /too early/,
    weather: { sendFails: 0.4 },
    sender: (sender) => {
      const late = new Map<string, Message[]>();
      return {
        ...sender,
        send: async (message) => {
          const line = `${message.webhookId} ${message.event.subject}`;
          const attempt = await sender.send(message);
          if (!attempt.delivered) late.set(line, [...(late.get(line) ?? []), message]);
          else for (const one of late.get(line) ?? []) await sender.send(one);
          return { ...attempt, delivered: true };
        },
      };
    },
  },

  'an attempt with an id of its own': {
    found: /which is not for it/,
    sender: (sender) => {
      let attempts = 0;
      const renamed = (id: string) => `${id}-${++attempts}`;
      return {
        ...sender,
        send: ({ event, ...message }) => sender.send({ ...message, event: { ...event, id: renamed(event.id) } }),
      };
    },
  },

  'a failed attempt that counts as delivered': {
    found: /never heard of/,
    sender: (sender) => ({
      ...sender,
      send: async (message) => ({ ...(await sender.send(message)), delivered: true }),
    }),
  },

  'a revocation that nobody hears of': {
    found: /let in with a key that had been revoked/,
    executor: (executor) => ({
      ...executor,
      execute: (aggregate, ...rest) => executor.execute(withoutRevocations(aggregate), ...rest),
      load: (aggregate, ...rest) => executor.load(withoutRevocations(aggregate), ...rest),
    }),
  },

  'a stale snapshot': { found: /overlaps|is (not )?free in the read model/, store: withStaleSnapshots },
} as const satisfies Record<string, Bug>;

interface AnyEvent {
  readonly type: string;
  readonly data: { readonly expires_at: string };
}

type Evolve = (state: unknown, event: AnyEvent) => unknown;

/** The aggregate, where it is of that category, with its events folded otherwise. */
function folded<A extends { readonly category: string }>(
  aggregate: A,
  category: string,
  fold: (evolve: Evolve) => Evolve,
): A {
  if (aggregate.category !== category) return aggregate;
  return { ...aggregate, evolve: fold((aggregate as unknown as { evolve: Evolve }).evolve) };
}

function withLongHolds<A extends { readonly category: string }>(aggregate: A): A {
  return folded(aggregate, 'calendar', (evolve) => (state, event) => {
    if (event.type !== 'calendar.slot-held.v1') return evolve(state, event);
    const expires_at = new Date(Date.parse(event.data.expires_at) + hour).toISOString();
    return evolve(state, { ...event, data: { ...event.data, expires_at } });
  });
}

function withoutRevocations<A extends { readonly category: string }>(aggregate: A): A {
  return folded(aggregate, 'organization', (evolve) => (state, event) => {
    return event.type === 'organization.secret-key-revoked.v1' ? state : evolve(state, event);
  });
}

function renamed(event: NewEvent): NewEvent {
  return { ...event, id: `${event.id.slice(0, -4)}beef` };
}

/** The newest one says that it is of now, and is what the one before it was. */
function withStaleSnapshots(store: EventStore): EventStore {
  return {
    ...store,
    async *readStream(streamId, options) {
      if (!streamId.startsWith('snapshot-')) return yield* store.readStream(streamId, options);
      const [newest, before] = await Array.fromAsync(store.readStream(streamId, { ...options, maxCount: 2 }));
      if (newest && before) yield stale(newest, before);
      else if (newest) yield newest;
    },
  };
}

function stale(newest: RecordedEvent, before: RecordedEvent): RecordedEvent {
  const data = newest.data as Record<string, unknown>;
  const { content } = before.data as { content: string };
  const { stream_id, revision, event_id, version } = data;
  const all = JSON.stringify([stream_id, revision, event_id, version, content]);
  return { ...newest, data: { ...data, content, digest: createHash('sha256').update(all).digest('base64url') } };
}
