import { createLocalBus } from '@agentcal/shared/bus/local';
import { withoutUniqueIds } from '@agentcal/shared/event-store/local-ids';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import type { EventStore } from '@agentcal/shared/event-store/port';
import { createCatalogue } from '@agentcal/shared/kernel/catalogue';
import { fakeClock } from '@agentcal/shared/testing/clock';
import t from 'tap';
import { CommandReserved } from './events.ts';
import { createExecutor } from './executor.ts';
import type { Executor } from './port.ts';
import { context, row, SeatTaken, take } from './samples.ts';

t.test('an answer shows what its command did, also where a read that began before it is still under way', async (t) => {
  const catalogue = createCatalogue([SeatTaken, CommandReserved]);
  const late = Promise.withResolvers<void>();
  const inner = withoutUniqueIds(createMemoryEventStore());
  let reads = 0;
  let other: Promise<unknown> = Promise.resolve();
  const store: EventStore = {
    ...inner,
    async *readStream(streamId, options) {
      const events = await Array.fromAsync(inner.readStream(streamId, options));
      const read = streamId === 'row-1' ? ++reads : 0;
      if (read === 2) await late.promise;
      yield* events;
      if (read === 3) setImmediate(late.resolve);
    },
    append: async (streamId, ...rest) => {
      if (streamId === 'row-1') {
        other = executor.load(row, '1', { fresh: true });
        await new Promise(setImmediate);
      }
      return inner.append(streamId, ...rest);
    },
  };
  const clock = fakeClock(Date.parse('2030-05-01T10:00:00Z'));
  const executor: Executor = createExecutor({ store, bus: createLocalBus(), clock, catalogue });
  const { state, events } = await executor.execute(row, '1', take('ann', 's1'), context('key'));
  t.equal(events.length, 1);
  t.same(state, { s1: 'ann' });
  t.ok(reads >= 3, 'the late read was met');
  await other;
});
