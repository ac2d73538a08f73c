import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import { createCatalogue } from '@agentcal/shared/kernel/catalogue';
import { hour, second, toIso } from '@agentcal/shared/kernel/time';
import { fakeClock } from '@agentcal/shared/testing/clock';
import t from 'tap';
import { FoldCache } from './fold-cache.ts';
import { metadataOf } from './new-events.ts';
import { realTiming } from './pauses.ts';
import { RecentCommands, retentionCount, retentionMs } from './recent-commands.ts';
import { context, row } from './samples.ts';
import { createSerial } from './serial.ts';

const now = Date.parse('2030-05-01T10:00:00Z');

t.test('recent commands', async (t) => {
  const learnt = (commandId: string, occurredAt: number, revision = 0) => ({
    revision,
    metadata: { ...metadataOf(context(undefined, { commandId })), occurred_at: toIso(occurredAt) },
  });

  t.test('are kept for the time that the API promises, and then given up', async (t) => {
    const commands = new RecentCommands();
    commands.learn(learnt('long ago', now - retentionMs), now);
    commands.learn(learnt('yesterday', now - 24 * hour, 1), now);
    t.same([commands.find('long ago'), commands.find('yesterday')?.firstRevision], [undefined, 1]);
    commands.learn(learnt('later', now + retentionMs, 2), now + retentionMs);
    t.same([commands.size, commands.find('yesterday')], [1, undefined]);
  });

  t.test('are bounded in number: the oldest go first', async (t) => {
    const commands = new RecentCommands();
    for (let n = 0; n <= retentionCount; n += 1) commands.learn(learnt(`c${n}`, now, n), now);
    t.equal(commands.size, retentionCount);
    t.same([commands.find('c0'), commands.find('c1')?.firstRevision], [undefined, 1]);
  });

  t.test('begin at the first of their events', async (t) => {
    const commands = new RecentCommands();
    for (const revision of [4, 5, 6]) commands.learn(learnt('three events', now, revision), now);
    t.equal(commands.find('three events')?.firstRevision, 4);
  });
});

t.test('the cache of folds drops what was used longest ago, by weight', async (t) => {
  let ticks = 0;
  const deps = {
    store: createMemoryEventStore(),
    clock: fakeClock(now),
    catalogue: createCatalogue([]),
    timing: realTiming,
    tick: () => ++ticks,
  };
  const heavy = { ...row, weigh: () => 30 };
  const cache = new FoldCache(deps, 150);
  const first = cache.of(heavy, '1');
  for (const id of ['2', '3']) cache.of(heavy, id);
  t.equal(cache.of(heavy, '1'), first, 'used again, so young again');
  cache.of(heavy, '4');
  t.equal(cache.size, 3);
  t.equal(cache.of(heavy, '1'), first);
  cache.of({ ...row, weigh: () => 1_000 }, 'huge');
  t.equal(cache.size, 1, 'one that is too heavy by itself stays as long as it is the last used');
  cache.forget('row-huge');
  t.equal(cache.size, 0);
});

t.test('tasks of one key run one after another, those of other keys beside them', async (t) => {
  const serially = createSerial();
  const begun: string[] = [];
  const gates = ['a', 'b', 'c'].map(() => Promise.withResolvers<void>());
  const run = (key: string, name: string, gate: number) =>
    serially(key, async () => {
      begun.push(name);
      await gates[gate]!.promise;
      if (name === 'a1') throw new Error('broken');
      return name;
    });
  const [first, next, other] = [run('a', 'a1', 0), run('a', 'a2', 1), run('b', 'b1', 2)];
  await new Promise(setImmediate);
  t.same(begun, ['a1', 'b1']);
  gates[0]!.resolve();
  await t.rejects(first, /broken/);
  await new Promise(setImmediate);
  t.same(begun, ['a1', 'b1', 'a2'], 'a task that fails does not stop the line');
  gates[1]!.resolve();
  gates[2]!.resolve();
  t.same(await Promise.all([next, other]), ['a2', 'b1']);
});

t.test('a line is not endless', async (t) => {
  const serially = createSerial();
  const gate = Promise.withResolvers<void>();
  const waiting = Array.from({ length: 2_000 }, () => serially('hot', () => gate.promise));
  t.throws(() => serially('hot', () => gate.promise), { code: 'too_much_contention' });
  await t.resolves(serially('cold', async () => {}));
  gate.resolve();
  await Promise.all(waiting);
  await t.resolves(
    serially('hot', async () => {}),
    'and empties again',
  );
});

t.test('a clock that is set back makes no old state young', async (t) => {
  const clock = fakeClock(now);
  let ticks = 0;
  const store = createMemoryEventStore();
  const deps = { store, clock, catalogue: createCatalogue([]), timing: realTiming, tick: () => ++ticks };
  const fold = new FoldCache(deps, 100).of(row, '1');
  await fold.readForward();
  t.equal(fold.isYoungerThan(second), true);
  clock.advance(-hour);
  t.equal(fold.isYoungerThan(second), false);
});
