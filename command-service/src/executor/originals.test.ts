import { createLocalBus } from '@agentcal/shared/bus/local';
import { createMemoryEventStore } from '@agentcal/shared/event-store/memory';
import type { EventStore } from '@agentcal/shared/event-store/port';
import { createCatalogue } from '@agentcal/shared/kernel/catalogue';
import { fakeClock } from '@agentcal/shared/testing/clock';
import t from 'tap';
import { CommandReserved } from './events.ts';
import { createExecutor } from './executor.ts';
import { withoutUniqueIds } from './faulty-store.ts';
import { context, row, SeatTaken, take } from './samples.ts';

t.test('a command knows its own events, whatever read of the stream was under way', async (t) => {
  const memory = withoutUniqueIds(createMemoryEventStore());
  const [appending, append] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const [reading, read] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let reads = 0;
  const store: EventStore = {
    ...memory,
    append: async (streamId, ...args) => {
      if (streamId === 'row-1') {
        appending.resolve();
        await append.promise;
      }
      return memory.append(streamId, ...args);
    },
    // The second read has seen that nothing is there, and is slow to say so.
    async *readStream(streamId, options) {
      const isSlow = streamId === 'row-1' && ++reads === 2;
      const events = await Array.fromAsync(memory.readStream(streamId, options));
      if (isSlow) {
        reading.resolve();
        await read.promise;
      }
      if (streamId === 'row-1' && reads > 2) read.resolve();
      yield* events;
    },
  };
  const catalogue = createCatalogue([SeatTaken, CommandReserved]);
  const executor = createExecutor({ store, bus: createLocalBus(), clock: fakeClock(context('k').at), catalogue });
  const executing = executor.execute(row, '1', take('ann', 'a1'), context('k'));
  await appending.promise;
  const loading = executor.load(row, '1', { fresh: true });
  await reading.promise;
  append.resolve();
  t.same((await executing).state, { a1: 'ann' });
  await loading;
  executor.close();
});
