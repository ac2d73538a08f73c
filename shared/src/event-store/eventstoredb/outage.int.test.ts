import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import t, { type Test } from 'tap';
import { event, logAfter, mark, newStream, streamOf, within } from '../contract/check.ts';
import { follow } from '../contract/follow.ts';
import type { EventStore } from '../port.ts';
import { type Double, startDouble } from './double/start.ts';
import { appendUntilKnown } from './outage.ts';
import { createEventStoreDb, type EventStoreDbOptions } from './store.ts';

const unavailable = { name: 'StoreUnavailable' };

/** What the store logs, and a way to wait for it. */
function ear() {
  const said: string[] = [];
  const waiting: (() => void)[] = [];
  const hear = (_: object | string, message?: string) => {
    said.push(message ?? String(_));
    for (const wake of waiting.splice(0)) wake();
  };
  return {
    log: { info: hear, warn: hear },
    async hears(pattern: RegExp) {
      while (!said.some((one) => pattern.test(one))) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

/** Counts the connections that this process has opened since. */
function countConnections(t: Test) {
  const sockets = new Set<Socket>();
  const changed = new EventEmitter();
  const count = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    sockets.add(socket);
    changed.emit('change');
    socket.once('close', () => {
      sockets.delete(socket);
      changed.emit('change');
    });
  };
  subscribe('net.client.socket', count);
  t.teardown(() => unsubscribe('net.client.socket', count));
  return {
    async reach(connections: number) {
      while (sockets.size !== connections) await once(changed, 'change');
    },
  };
}

async function open(
  t: Test,
  options: Partial<EventStoreDbOptions> = {},
): Promise<{ double: Double; store: EventStore }> {
  const double = await startDouble();
  const store = await createEventStoreDb({ url: double.url, ...options });
  t.teardown(async () => {
    double.cont();
    await store.close();
    await double.close();
  });
  return { double, store };
}

t.test('a follower loses and doubles nothing while the server dies and comes back', async (t) => {
  const { double, store } = await open(t);
  const start = await mark(store);
  const follower = follow(store, { after: start, maxCount: 5 });
  const streamId = newStream();
  const written: string[] = [];
  async function write(count: number): Promise<void> {
    for (let left = count; left > 0; left--) {
      const one = event();
      await appendUntilKnown(store, streamId, written.length === 0 ? 'no_stream' : written.length - 1, [one]);
      written.push(one.id);
    }
  }
  const seesAll = () => follower.until(() => follower.of(streamId).length >= written.length);

  await write(10);
  await seesAll();
  for (let outage = 0; outage < 3; outage++) {
    const writing = write(20);
    await double.kill();
    await double.restart();
    await writing;
    await seesAll();
  }
  await write(1);
  await seesAll();
  t.same(
    follower.of(streamId).map(({ id }) => id),
    written,
  );
  t.same(follower.events(), (await logAfter(store, start)).events);
  await follower.stop();
});

t.test('a follower of a server that hangs says so and goes on when it answers again', async (t) => {
  const { log, hears } = ear();
  const { double, store } = await open(t, { log, timeoutMs: 500, pollMs: 100 });
  const follower = follow(store, { after: await mark(store), maxCount: 10 });
  await follower.until(({ caughtUp }) => caughtUp);
  double.stop();
  const going = follower.until(() => follower.events().length === 1);
  await t.resolves(within(hears(/does not answer/), 'it is said'), 'the silence is noticed');
  double.cont();
  await appendUntilKnown(store, newStream(), 'no_stream', [event()]);
  await going;
  await t.resolves(within(hears(/answers again/), 'it is said'), 'the end of it is noticed');
  await follower.stop();
});

t.test('a subscription that falls silent delays events, is noticed, and is renewed', async (t) => {
  const { log, hears } = ear();
  const { double, store } = await open(t, { log, pollMs: 200 });
  const follower = follow(store, { after: await mark(store), maxCount: 10 });
  await follower.until(({ caughtUp }) => caughtUp);
  await double.misbehave({ mute: true });
  const streamId = newStream();
  for (let revision = -1; revision < 3; revision++) {
    await store.append(streamId, revision < 0 ? 'no_stream' : revision, [event()]);
    await follower.until(() => follower.of(streamId).length === revision + 2);
  }
  const watching = follower.until(() => follower.of(streamId).length === 5);
  await t.resolves(within(hears(/fallen silent/), 'it is said'), 'the silence is noticed');
  await double.misbehave({});
  await store.append(streamId, 3, [event()]);
  await watching;
  await follower.stop();
});

t.test('a follower is told at once, long before it would look for itself', async (t) => {
  const { store } = await open(t, { pollMs: 60_000 });
  const follower = follow(store, { after: await mark(store), maxCount: 10 });
  await follower.until(({ caughtUp }) => caughtUp);
  for (let round = 1; round <= 5; round++) {
    await store.append(newStream(), 'no_stream', [event()]);
    await t.resolves(follower.until(() => follower.events().length === round));
  }
  await follower.stop();
});

t.test('a cluster that could not be discovered at first is discovered later', async (t) => {
  const double = await startDouble();
  await double.kill();
  const store = await createEventStoreDb({ url: double.clusterUrl });
  t.teardown(async () => {
    await store.close();
    await double.close();
  });
  const follower = follow(store, { after: 0n, maxCount: 10 });
  const streamId = newStream();
  const seen = follower.until(() => follower.of(streamId).length === 1);
  await t.rejects(store.append(streamId, 'no_stream', [event()]), unavailable);
  await t.rejects(store.append(streamId, 'no_stream', [event()]), unavailable, 'again');
  await double.restart();
  await double.misbehave({ electing: true });
  await t.rejects(store.append(streamId, 'no_stream', [event()]), unavailable, 'while there is no leader');
  await double.misbehave({});
  await store.append(streamId, 'no_stream', [event()]);
  await seen;
  await follower.stop();
});

t.test('a node that does not lead sends us to the one that does', async (t) => {
  const { store: atFollower, double: followerNode } = await open(t);
  const { store: atLeader, double: leaderNode } = await open(t);
  await followerNode.misbehave({ leader: { host: '127.0.0.1', port: leaderNode.port } });
  const streamId = newStream();
  await atFollower.append(streamId, 'no_stream', [event()]);
  t.equal((await streamOf(atLeader, streamId)).length, 1);
  t.equal((await streamOf(atFollower, streamId)).length, 1);
});

t.test('without rights the store is unavailable, and available once they are given', async (t) => {
  const { double, store } = await open(t);
  await double.misbehave({ deny: true });
  await t.rejects(store.ping(), unavailable);
  await t.rejects(store.append(newStream(), 'no_stream', [event()]), unavailable);
  await t.rejects(Array.fromAsync(store.readStream(newStream())), unavailable);
  await double.misbehave({});
  await store.ping();
});

t.test('a client that was given up leaves no connection behind', async (t) => {
  const connections = countConnections(t);
  const { double, store } = await open(t, { timeoutMs: 500 });
  await store.ping();
  double.stop();
  await t.rejects(store.ping(), unavailable);
  await t.rejects(store.ping(), unavailable);
  double.cont();
  await appendUntilKnown(store, newStream(), 'no_stream', [event()]);
  await t.resolves(within(connections.reach(1), 'only the last client is connected'));
});

t.test('a closed store ends its followers, refuses calls and leaves no connection', async (t) => {
  const connections = countConnections(t);
  const double = await startDouble();
  t.teardown(() => double.close());
  const store = await createEventStoreDb({ url: double.url });
  const { signal } = new AbortController();
  const following = Array.fromAsync(store.follow({ after: await mark(store), maxCount: 10, signal }));
  const idle = store.follow({ after: 0n, maxCount: 1, signal })[Symbol.asyncIterator]();
  await idle.next();
  // Nobody will ever come back to this one: it must not keep anything going.
  await store.follow({ after: 0n, maxCount: 1, signal })[Symbol.asyncIterator]().next();
  await connections.reach(1);
  await store.close();
  await within(following, 'the follower ends');
  t.equal((await idle.next()).done, true, 'also the one that nobody reads');
  await t.rejects(store.append(newStream(), 'no_stream', [event()]), unavailable);
  await t.rejects(store.ping(), unavailable);
  await t.resolves(within(connections.reach(0), 'all connections are closed'));
});
