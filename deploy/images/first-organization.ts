import { seedOrganization } from '@agentcal/command-service/service';
import { newKey } from '@agentcal/shared/http/keys';
import { newId } from '@agentcal/shared/kernel/ids';
import { readConfig, requireEngines } from '@agentcal/shared/process/config';
import { sentence } from '@agentcal/shared/process/lifecycle';
import { createLogger } from '@agentcal/shared/process/logger';
import { openStores } from '@agentcal/shared/process/stores';
import { firstBooking } from '../all-in-one/first-booking.ts';

/**
 * Makes a test organization, and says its keys; the secret one is kept nowhere else. The services make none by themselves.
 * Each run makes another one.
 */
try {
  await using resources = new AsyncDisposableStack();
  const config = requireEngines(readConfig(process.env));
  const log = createLogger({ level: config.logLevel ?? 'warn', service: 'first-organization' });
  const deps = await openStores({ config, log, resources });
  const organizationId = newId('organization');
  const of = { livemode: false, organizationId } as const;
  const secretKey = newKey({ ...of, kind: 'secret' });
  const publishableKey = newKey({ ...of, kind: 'publishable' });
  await seedOrganization(deps, { organizationId, secretKey, publishableKey });
  const url = config.publicUrl ?? `http://${config.host}:${config.port}`;
  console.log(['', 'A test organization was created. Its test keys, secret and publishable:'].join('\n'));
  console.log(['', secretKey, publishableKey, ''].join('\n'));
  console.log(['A first booking:', '', ...firstBooking(url, secretKey)].join('\n'));
} catch (error) {
  console.error(sentence(error));
  process.exitCode = 1;
}
