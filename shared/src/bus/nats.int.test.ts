import t, { type Test } from 'tap';
import { startNatsServer, whyNoNats } from '../testing/nats-server.ts';
import { busContract, hear, until } from './contract.ts';
import { connectNats } from './nats.ts';
import type { Bus } from './port.ts';

const why = whyNoNats();
if (why) t.test('the NATS bus was not tested', { skip: why }, async () => {});
else {
  await busContract(t, 'the NATS bus', async () => {
    const server = await startNatsServer();
    const failures: unknown[] = [];
    const [bus, other] = await Promise.all([connect(server.url, failures), connect(server.url)]);
    const teardown = async () => {
      await other.close();
      await server.stop();
    };
    return { bus, other, failures, teardown };
  });

  t.test('subscribers survive a crash of the server, and publishers do not notice it', async (t) => {
    const { server, buses, reports } = await place(t, 2);
    const [bus, other] = buses as [Bus, Bus];
    const ear = hear(other);
    await until(() => ear.heard.length > 0, say(bus, 1));
    await server.kill();
    await until(() => reports.length === 2);
    t.match(reports, [/the connection to NATS is lost/, /the connection to NATS is lost/]);
    for (let i = 0; i < 100; i++) say(bus, 2)();
    await server.restart();
    await until(() => ear.heard.some(({ revision }) => revision === 3), say(bus, 3));
    const late = hear(other);
    await until(() => late.heard.length > 0, say(bus, 4));
    t.equal(late.heard[0]?.revision, 4);
  });

  t.test('a server that is away at the start is found when it comes', async (t) => {
    const { server } = await place(t, 0);
    await server.kill();
    const reports: unknown[] = [];
    const bus = await connect(server.url, reports);
    t.teardown(() => bus.close());
    const ear = hear(bus);
    say(bus, 1)();
    t.match(reports, [/NATS does not answer/]);
    await server.restart();
    await until(() => ear.heard.length > 0, say(bus, 2));
    t.equal(ear.heard[0]?.revision, 2, 'what was said meanwhile is dropped');
  });

  t.test('closing sends what was said, and hands over what has arrived', async (t) => {
    const { buses } = await place(t, 2);
    const [bus, other] = buses as [Bus, Bus];
    const ear = hear(other);
    await until(() => ear.heard.length > 0, say(bus, 0));
    for (let revision = 1; revision <= 500; revision++) say(bus, revision)();
    await bus.close();
    await until(() => ear.heard.some(({ revision }) => revision === 500));
    t.ok(ear.heard.length > 500);
  });

  t.test('a bus closes while its server is away', async (t) => {
    const { server, buses } = await place(t, 1);
    await server.kill();
    await buses[0]?.close();
    await (await connect(server.url)).close();
    t.pass('nothing is left waiting');
  });

  t.test('deployments that share a server keep apart by their prefix', async (t) => {
    const { server, buses } = await place(t, 1);
    const stranger = await connectNats({ url: server.url, prefix: 'another' });
    t.teardown(() => stranger.close());
    const [ear, theirs] = [hear(buses[0]!), hear(stranger)];
    await until(
      () => ear.heard.length > 0 && theirs.heard.length > 0,
      () => {
        say(stranger, 1)();
        say(buses[0]!, 2)();
      },
    );
    t.ok(ear.heard.every(({ revision }) => revision === 2));
  });

  t.test(
    'credentials in the address are used; with wrong ones a process starts all the same, and says so',
    async (t) => {
      const server = await startNatsServer(['--user', 'agent', '--pass', 'p@ss']);
      t.teardown(() => server.stop());
      const reports: unknown[] = [];
      const address = (password: string) => server.url.replace('//', `//agent:${encodeURIComponent(password)}@`);
      const bus = await connect(address('p@ss'), reports);
      const outsider = await connect(address('wrong'), reports);
      const ear = hear(bus);
      await until(() => ear.heard.length > 0, say(bus, 1));
      t.match(reports, [/NATS does not answer/]);
      t.notMatch(JSON.stringify(reports.map(String)), 'wrong', 'without the password');
      await outsider.close();
      await bus.close();
    },
  );

  t.test('an address that cannot be one is refused', async (t) => {
    await t.rejects(connectNats({ url: 'not an address' }), TypeError);
  });
}

function connect(url: string, failures: unknown[] = []): Promise<Bus> {
  return connectNats({ url, report: (error) => failures.push(error) });
}

/** A server and some buses on it, all gone when the test ends. */
async function place(t: Test, count: number) {
  const server = await startNatsServer();
  const reports: unknown[] = [];
  const buses = await Promise.all(Array.from({ length: count }, () => connect(server.url, reports)));
  t.teardown(async () => {
    for (const bus of buses) await bus.close();
    await server.stop();
  });
  return { server, buses, reports };
}

function say(bus: Bus, revision: number): () => void {
  return () => bus.publish('log.appended', { streamId: 'calendar-user_1', revision, position: `${revision}` });
}
