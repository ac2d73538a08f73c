import { settings } from '@agentcal/shared/process/settings';
import t from 'tap';
import { besideThePool } from './connections.ts';

t.test('the configuration says how many connections there are beside the pool', async (t) => {
  const sum = Object.values(besideThePool).reduce((all, some) => all + some, 0);
  t.match(settings.databasePoolSize.about, ` ${sum} more`);
});
