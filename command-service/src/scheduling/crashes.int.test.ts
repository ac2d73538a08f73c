import { createLocalBus } from '@agentcal/shared/bus/local';
import { startDouble } from '@agentcal/shared/event-store/eventstoredb/double/start';
import { createEventStoreDb } from '@agentcal/shared/event-store/eventstoredb/store';
import { withoutUniqueIds } from '@agentcal/shared/event-store/local-ids';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import type { EventStore } from '@agentcal/shared/event-store/port';
import { createPostgresEventStore } from '@agentcal/shared/event-store/postgres/store';
import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { commandIdFrom } from '@agentcal/shared/kernel/ids';
import { day, hour, toIso } from '@agentcal/shared/kernel/time';
import { fakeClock } from '@agentcal/shared/testing/clock';
import { testDatabase } from '@agentcal/shared/testing/database';
import t, { type Test } from 'tap';
import { now } from '../calendar/http.fixture.ts';
import { openExecutor } from '../open-executor.ts';
import { testService } from '../testing.ts';
import { createAudit, openTeamShop, sound } from './http.fixture.ts';
import { createMortalStore } from './mortal-store.fixture.ts';
import { resumePlan } from './runner.ts';

/**
 * A process is cut off, or held up, at every append of a request that spans calendars. Whoever comes after it, be it
 * the same request again or a job, brings it to one booking with all that it owns, or to nothing at all.
 */

const stores: Record<string, { readonly openStore: (t: Test) => Promise<EventStore>; readonly requests: number }> = {
  'in memory': { openStore: async () => createMemoryEventStore(), requests: 7 },
  // What differs between engines is seen with the first of the requests.
  'in memory without unique event ids': {
    openStore: async () => withoutUniqueIds(createMemoryEventStore()),
    requests: 1,
  },
  'in Postgres': {
    openStore: async (t) => {
      const { pool } = await testDatabase(t);
      const store = await createPostgresEventStore({ pool });
      t.teardown(() => store.close());
      return store;
    },
    requests: 1,
  },
  'in the double of EventStoreDB': {
    openStore: async (t) => {
      const double = await startDouble();
      t.teardown(() => double.close());
      const store = await createEventStoreDb({ url: double.url });
      t.teardown(() => store.close());
      return store;
    },
    requests: 1,
  },
};

for (const [kind, { openStore, requests }] of Object.entries(stores)) {
  const isThorough = kind === 'in memory';
  t.test(`cut off anywhere, ${kind}`, async (t) => {
    let leftBehind = 0;
    const world = await openWorld(t, await openStore(t));
    for (const request of world.requests.slice(0, requests)) {
      for (const when of ['before', 'after'] as const) {
        for (const follow of ['the request again', 'a job, then the request again'] as const) {
          // Cut off before an append is cut off after the last one; who comes next is the other for each.
          if (!isThorough && (when === 'after') === (follow === 'the request again')) continue;
          await everyStep(t, world, request, async (n, sent, planId) => {
            world.mortal.dieAt(n, when);
            await sent(world.first).catch(() => undefined);
            world.mortal.live();
            if ((await world.audit()).orphans > 0) leftBehind += 1;
            const name = `${request.name}, cut off ${when} append ${n}, then ${follow}`;
            if (follow !== 'the request again') {
              await world.resume(planId);
              t.match(await world.audit(), sound, name);
            }
            const answer = await sent(world.second);
            t.equal(answer.status, request.status, name);
            t.same(stripped((await sent(world.first)).body), stripped(answer.body), 'and the same ever after');
            t.match(await world.audit(), sound, name);
          });
        }
      }
    }
    t.ok(leftBehind > 3, 'a crash does leave something behind, until somebody comes');
  });

  t.test(`held up anywhere, ${kind}`, async (t) => {
    const world = await openWorld(t, await openStore(t));
    for (const request of world.requests.slice(0, requests)) {
      for (const follow of ['a job', 'the request again'] as const) {
        await everyStep(t, world, request, async (n, sent, planId) => {
          const { halted, go } = world.mortal.haltAt(n);
          const late = sent(world.first);
          await halted;
          const name = `${request.name}, held up before append ${n}, while ${follow} goes on`;
          if (follow === 'a job') await world.resume(planId);
          const answer = follow === 'a job' ? undefined : await sent(world.second);
          t.match(await world.audit(), follow === 'a job' ? { missing: 0 } : sound, name);
          go();
          const own = await late;
          if (answer) t.same([own.status, stripped(own.body)], [answer.status, stripped(answer.body)], name);
          else t.equal(own.status, request.status, name);
          t.match(await world.audit(), sound, name);
        });
      }
    }
  });
}

t.test('cut off anywhere, and the booking that was to move is cancelled meanwhile', async (t) => {
  const world = await openWorld(t, createMemoryEventStore());
  const request = world.requests.find(({ name }) => name === 'a move of three')!;
  for (const follow of ['a job', 'the request again'] as const) {
    await everyStep(t, world, request, async (n, sent, planId, path) => {
      world.mortal.dieAt(n, 'after');
      await sent(world.first).catch(() => undefined);
      world.mortal.live();
      await world.cancel(path);
      const name = `cut off after append ${n}, then ${follow}`;
      if (follow === 'a job') await world.resume(planId);
      const answer = await sent(world.second);
      t.ok(answer.status === 200 || answer.body.code === 'booking_closed', name);
      t.same((await sent(world.first)).body.code, answer.body.code, 'and the same ever after');
      t.match(await world.audit(), sound, name);
    });
  }
});

t.test('who was refused stays refused, also when the time is free again', async (t) => {
  const world = await openWorld(t, createMemoryEventStore());
  const [request] = world.requests;
  const { path, method, body } = await request!.prepare(world.nextTime());
  const { halted, go } = world.mortal.haltAt(2);
  const late = world.first(method, path, body, 'late');
  await halted;
  const early = await world.second(method, path, body, 'early');
  t.equal(early.status, 201);
  go();
  t.match(await late, { status: 409, body: { code: 'slot_taken', alternatives: { length: 3 } } });
  await world.cancel(`${early.headers.location}`);
  t.match(await world.first(method, path, body, 'late'), { status: 409, body: { code: 'slot_taken' } });
  t.match(await world.second(method, path, body, 'late'), { status: 409, body: { code: 'slot_taken' } });
  t.equal((await world.second(method, path, body, 'again')).status, 201);
  t.match(await world.audit(), { ...sound, bookings: 1 });
});

type World = Awaited<ReturnType<typeof openWorld>>;
type Sender = World['first'];
type Sent = (by: Sender) => ReturnType<Sender>;

/** Sends a request of its own for each append that it takes. */
async function everyStep(
  t: Test,
  world: World,
  request: World['requests'][number],
  story: (n: number, sent: Sent, planId: string, path: string) => Promise<void>,
) {
  let steps = Number.POSITIVE_INFINITY;
  for (let n = 0; n <= steps; n += 1) {
    const { path, method, body } = await request.prepare(world.nextTime());
    const key = `key ${world.nextTime()}`.replaceAll(' ', '-');
    const sent: Sent = (by) => by(method, path, body, key);
    const bookings = (await world.audit()).bookings;
    if (n === 0) {
      world.mortal.live();
      t.equal((await sent(world.first)).status, request.status, `${request.name} happens`);
      steps = world.mortal.appends;
    } else await story(n, sent, commandIdFrom(world.organizationId, `test\n${key}`), path);
    if (path.endsWith('/holds')) await world.tidy((await sent(world.second)).body.id);
    const more = (await world.audit()).bookings - bookings;
    t.ok([request.makes, 0, -1].includes(more), `${more} more bookings`);
  }
}

async function openWorld(t: Test, log: EventStore) {
  const shop = await openTeamShop(t, { store: log });
  const { account, vault, key, organizationId, team, anyone, booking } = shop;
  const mortal = createMortalStore(log);
  const [first, second] = [await process(t, mortal.store), await process(t, log)];

  async function process(t: Test, store: EventStore) {
    const { call } = await testService(t, { store, vault });
    return (method: 'POST' | 'PATCH', path: string, body: unknown, idempotencyKey: string) =>
      call(method, path, { key, body, headers: { 'idempotency-key': idempotencyKey } });
  }

  let times = 0;
  /** Ten, eleven, twelve or one o'clock of a day of its own. */
  const nextTime = () => {
    times += 1;
    return toIso(now + 5 * day + Math.floor(times / 4) * day + (times % 4) * hour);
  };
  const always = {
    rules: [0, 1, 2, 3, 4, 5, 6].map((d) => ({ day_of_week: d, start_time: '00:00', end_time: '24:00' })),
  };
  for (const user of shop.users) {
    await shop.send('PUT', `${account}/users/${user}/schedule`, { timezone: 'UTC', ...always });
  }
  const wanted = (event_type_id: string, start_time: string) =>
    booking({ event_type_id, user_id: undefined, start_time });
  const books = (name: string, type: string) => ({
    name,
    ...{ status: 201, makes: 1 },
    prepare: async (at: string) => ({ method: 'POST' as const, path: `${account}/bookings`, body: wanted(type, at) }),
  });
  const requests = [
    books('a booking of three', team),
    books('a booking of anyone', anyone),
    {
      name: 'a move of three',
      ...{ status: 200, makes: 0 },
      prepare: async (at: string) => {
        const made = await shop.send('POST', `${account}/bookings`, wanted(team, at));
        return { method: 'PATCH' as const, path: `${made.headers.location}`, body: { start_time: nextTime() } };
      },
    },
    {
      name: 'a hold of three',
      ...{ status: 201, makes: 0 },
      prepare: async (start_time: string) => {
        return { method: 'POST' as const, path: `${account}/holds`, body: { event_type_id: team, start_time } };
      },
    },
    {
      name: 'a hold of three that is booked',
      ...{ status: 201, makes: 1 },
      prepare: async (start_time: string) => {
        const held = await shop.send('POST', `${account}/holds`, { event_type_id: team, start_time });
        const { attendee } = booking();
        return { method: 'POST' as const, path: `${account}/bookings`, body: { hold_id: held.body.id, attendee } };
      },
    },
    {
      name: 'a move to somebody else',
      ...{ status: 200, makes: 0 },
      prepare: async (at: string) => {
        const made = await shop.send('POST', `${account}/bookings`, wanted(anyone, at));
        const other = shop.users.find((id) => id !== made.body.user_id);
        const body = { start_time: nextTime(), user_id: other };
        return { method: 'PATCH' as const, path: `${made.headers.location}`, body };
      },
    },
    {
      name: 'a series of which two fit',
      ...{ status: 201, makes: 2 },
      prepare: async (at: string) => {
        const starts = [at, nextTime(), nextTime()];
        await shop.send('POST', `${account}/bookings`, booking({ user_id: shop.users[1], start_time: starts[1] }));
        const { attendee } = booking();
        const body = { attendee, event_type_id: team, starts, on_conflict: 'as_many_as_fit' };
        return { method: 'POST' as const, path: `${account}/series`, body };
      },
    },
  ];
  const resume = async (planId: string) => {
    const executor = openExecutor({ store: log, bus: createLocalBus(), clock: fakeClock(now) });
    const actor = { kind: 'system', id: 'job' } as const;
    const accountId = account.split('/').at(-1)!;
    const context: CommandContext = {
      ...{ commandId: `resume ${planId}`, fingerprint: '', correlationId: planId, at: now },
      ...{ organizationId, accountId, livemode: false, actor },
    };
    await resumePlan(executor, context, planId);
    executor.close();
  };
  const tidy = async (holdId: string) => void (await shop.send('DELETE', `${account}/holds/${holdId}`));
  const cancel = async (path: string) => void (await shop.send('DELETE', path));
  return { cancel, audit: createAudit(log), tidy, first, second, mortal, organizationId, requests, nextTime, resume };
}

/** Without what belongs to the one request. */
function stripped({ request_id: _, ...body }: Record<string, unknown>) {
  return body;
}
