import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, eventTypeFilter, jsonEvent } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import t from 'tap';
import { openLog, type Proposed } from './log.ts';
import { startDouble } from './start.ts';

/** The client as it comes, so that the double is held to what the client does and not to what the adapter uses. */
t.test('the double speaks to an unchanged client', async (t) => {
  const double = await startDouble();
  const client = EventStoreDBClient.connectionString(double.url);
  t.teardown(async () => {
    await client.dispose();
    await double.close();
  });
  const events = ['a.v1', 'b.v1', 'a.v1', 'b.v1'].map((type, n) => jsonEvent({ type, data: { n } }));

  t.test('appends in batches, with a verdict for each', async (t) => {
    const appended = await client.appendToStream('things', events, { expectedRevision: 'no_stream' });
    t.equal(appended.nextExpectedRevision, 3n);
    t.same(await client.appendToStream('things', events, { expectedRevision: 'no_stream' }), appended);
    const late = client.appendToStream('things', jsonEvent(events[0]!), { expectedRevision: 1n });
    const refusal = await late.catch((error) => error);
    t.match(refusal, { type: 'wrong-expected-version', streamName: 'things' });
    t.same([refusal.expectedVersion, refusal.actualVersion], [1n, 3n]);
  });

  t.test('confirms a subscription, filters, tells how far it searched and when it is at the end', async (t) => {
    const told: string[] = [];
    const checkpoints: bigint[] = [];
    const subscription = client.subscribeToAll({
      fromPosition: 'start',
      filter: eventTypeFilter({
        prefixes: ['b.'],
        checkpointInterval: 1,
        checkpointReached: async (_, { commit }) => void checkpoints.push(commit),
      }),
    });
    subscription.on('confirmation', () => told.push('confirmed'));
    subscription.on('caughtUp', () => told.push('caught up'));
    const seen: unknown[] = [];
    for await (const { event } of subscription)
      if (seen.push(event?.data) === 3) break;
      else if (seen.length === 2) await client.appendToStream('things', jsonEvent({ type: 'b.v1', data: { n: 4 } }));
    t.same(seen, [{ n: 1 }, { n: 3 }, { n: 4 }]);
    t.same(told, ['confirmed', 'caught up']);
    t.ok(checkpoints.length >= 4);
  });
});

t.test('an append whose caller dies in the middle is none', async (t) => {
  const double = await startDouble();
  const client = EventStoreDBClient.connectionString(double.url);
  t.teardown(async () => {
    await client.dispose();
    await double.close();
  });
  const options = new streams.AppendReq.Options();
  const name = new shared.StreamIdentifier();
  name.setStreamName(Buffer.from('torn'));
  options.setStreamIdentifier(name);
  options.setNoStream(new shared.Empty());
  const beginning = new streams.AppendReq();
  beginning.setOptions(options);
  const message = new streams.AppendReq.ProposedMessage();
  const id = new shared.UUID();
  id.setString('00000000-0000-8000-a000-000000000001');
  message.setId(id);
  message.getMetadataMap().set('type', 'a.v1').set('content-type', 'application/json');
  message.setData(Buffer.from('{}'));
  const first = new streams.AppendReq();
  first.setProposedMessage(message);
  for (const messages of [[beginning], [beginning, first]]) {
    const session = connect(`http://127.0.0.1:${double.port}`);
    const call = session.request({
      ':method': 'POST',
      ':path': '/event_store.client.streams.Streams/Append',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    call.on('error', () => {});
    for (const each of messages) call.write(framed(each.serializeBinary()));
    await client.appendToStream('other', jsonEvent({ type: 'a.v1', data: {} }));
    session.destroy();
    await once(session, 'close');
    await client.appendToStream('other', jsonEvent({ type: 'a.v1', data: {} }));
    const reading = client.readStream('torn')[Symbol.asyncIterator]().next();
    t.equal((await Promise.resolve(reading).catch((error) => error)).type, 'stream-not-found');
  }
});

/** A message as gRPC sends it. */
function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

t.test('the log of the double survives its process, but for the line that was torn', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'double-log-'));
  t.teardown(() => rm(directory, { recursive: true }));
  const file = join(directory, 'log.jsonl');
  const proposed = (id: string): Proposed => ({
    ...{ id, type: 'a.v1', contentType: 'application/json' },
    ...{ data: Buffer.from('{"n":1}'), metadata: Buffer.from([0, 255]) },
  });
  const log = openLog(file);
  log.append('s', 'no_stream', [proposed('one'), proposed('two')], false);
  const whole = await readFile(file);
  log.append('s', 1, [proposed('three'), proposed('four')], false);
  const kept = log.all.slice(0, 2);
  log.close();
  await writeFile(file, (await readFile(file)).subarray(0, -10));

  const again = openLog(file);
  t.same(again.all, kept);
  t.same(await readFile(file), whole);
  t.equal(again.append('s', 1, [proposed('five')], false).accepted, true);
  again.close();
});
