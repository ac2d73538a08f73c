import t from 'tap';
import { eventStoreContract } from '../contract.ts';
import { startDouble } from './double/start.ts';
import { createEventStoreDb } from './store.ts';

await eventStoreContract(t, 'EventStoreDB, as its protocol double has it,', async () => {
  const double = await startDouble();
  const store = await createEventStoreDb({ url: double.url });
  const other = await createEventStoreDb({ url: double.clusterUrl });
  const teardown = async () => {
    await Promise.all([store.close(), other.close()]);
    await double.close();
  };
  return { store, other, teardown };
});

// A server of one's own: EVENTSTORE_TEST_URL=esdb://localhost:2113?tls=false
const url = process.env.EVENTSTORE_TEST_URL;
if (url) {
  await eventStoreContract(t, 'EventStoreDB itself', async () => {
    const [store, other] = [await createEventStoreDb({ url }), await createEventStoreDb({ url })];
    return { store, other, teardown: async () => void (await Promise.all([store.close(), other.close()])) };
  });
}
