import t, { type Test } from 'tap';
import { event, events, newStream, streamOf } from '../contract/check.ts';
import type { EventStore, ExpectedRevision } from '../port.ts';
import { type Double, startDouble } from './double/start.ts';
import { appendUntilKnown } from './outage.ts';
import { createEventStoreDb } from './store.ts';

const modes: readonly ExpectedRevision[] = ['no_stream', 1, 'any'];
const unavailable = { name: 'StoreUnavailable' };

async function open(t: Test, timeoutMs?: number): Promise<{ double: Double; store: EventStore }> {
  const double = await startDouble();
  const store = await createEventStoreDb({ url: double.url, ...(timeoutMs && { timeoutMs }) });
  t.teardown(async () => {
    await store.close();
    await double.close();
  });
  return { double, store };
}

/** A stream in which an append with this expectation is accepted, and the ids that stand there. */
async function streamFor(store: EventStore, expected: ExpectedRevision): Promise<{ streamId: string; ids: string[] }> {
  const [streamId, earlier] = [newStream(), expected === 'no_stream' ? [] : events(2)];
  if (earlier.length > 0) await store.append(streamId, 'no_stream', earlier);
  return { streamId, ids: earlier.map(({ id }) => id) };
}

t.test('a server that dies at an append', async (t) => {
  for (const moment of ['before', 'after'] as const) {
    for (const expected of modes) {
      t.test(`${moment} writing, where ${expected} is expected, leaves it unknown until it is repeated`, async (t) => {
        const { double, store } = await open(t);
        const { streamId, ids } = await streamFor(store, expected);
        const added = events(2);
        await double.misbehave({ dieAtAppend: moment });
        await t.rejects(store.append(streamId, expected, added), unavailable);
        await double.ended();
        await t.rejects(store.append(streamId, expected, added), unavailable, 'while it is gone');
        await double.restart();

        const written = await streamOf(store, streamId);
        t.equal(written.length, moment === 'before' ? ids.length : ids.length + 2);
        const appended = await store.append(streamId, expected, added);
        await store.append(streamId, appended.revision, [event()]);
        t.same(await store.append(streamId, expected, added), appended, 'and once more');

        const read = await streamOf(store, streamId);
        t.same(
          read.slice(0, -1).map(({ id }) => id),
          [...ids, ...added.map(({ id }) => id)],
        );
        t.same([appended.revision, appended.position], [read.at(-2)?.revision, read.at(-2)?.position]);
      });
    }
  }
});

t.test('an append to a server that hangs is written once, however late the first attempt arrives', async (t) => {
  const { double, store } = await open(t, 500);
  for (const expected of modes) {
    const { streamId, ids } = await streamFor(store, expected);
    const added = events(3);
    double.stop();
    const begun = Date.now();
    await t.rejects(store.append(streamId, expected, added), unavailable);
    t.ok(Date.now() - begun < 15_000, 'sooner than the client would notice by itself');
    double.cont();
    const appended = await appendUntilKnown(store, streamId, expected, added);
    t.same(
      (await streamOf(store, streamId)).map(({ id }) => id),
      [...ids, ...added.map(({ id }) => id)],
    );
    t.equal(appended.revision, ids.length + 2);
  }
});

t.test('an append whose answer never comes is found by repeating it', async (t) => {
  const { double, store } = await open(t, 500);
  const [streamId, added] = [newStream(), events(2)];
  await double.misbehave({ swallowAnswers: true });
  await t.rejects(store.append(streamId, 'no_stream', added), unavailable);
  await double.misbehave({});
  const read = await streamOf(store, streamId);
  t.equal(read.length, 2, 'it was written');
  t.same(await store.append(streamId, 'no_stream', added), { revision: 1, position: read[1]?.position });
});

t.test('a repeat is recognised where the server itself does not know it any more', async (t) => {
  const { double, store } = await open(t);
  for (const expected of modes) {
    const { streamId } = await streamFor(store, expected);
    const added = events(2);
    const appended = await store.append(streamId, expected, added);
    await store.append(streamId, 'any', [event()]);
    await double.misbehave({ forgetful: true });
    t.same(await store.append(streamId, expected, added), appended, `expecting ${expected}`);
    await t.rejects(store.append(streamId, 'no_stream', [event()]), { name: 'WrongExpectedRevision' });
    await double.misbehave({});
  }
});

t.test('only the beginning of an append in a stream is no repeat of it, whatever is expected', async (t) => {
  const { store } = await open(t);
  const [streamId, known] = [newStream(), event()];
  await store.append(streamId, 'no_stream', [known, event()]);
  await t.rejects(store.append(streamId, 'any', [known, event()]), { name: 'WrongExpectedRevision' });
  t.equal((await streamOf(store, streamId)).length, 2);
});

t.test('one server that dies does not disturb an append to another', async (t) => {
  const { double: dying, store: first } = await open(t);
  const { double: hanging, store: second } = await open(t);
  for (const store of [first, second]) await store.append(newStream(), 'no_stream', [event()]);
  hanging.stop();
  const appending = second.append(newStream(), 'no_stream', [event()]);
  await dying.kill();
  await t.rejects(first.ping(), unavailable);
  hanging.cont();
  t.equal((await appending).revision, 0);
});
