import { join } from 'node:path';
import { newKey, parseKey } from '@agentcal/shared/http/keys';
import { newId } from '@agentcal/shared/kernel/ids';
import { StartRefused } from '@agentcal/shared/kernel/start-refused';
import { keptIn } from './data-folder.ts';

/** Keys of the organization that the first start makes, to try the product with. */
export interface TestKeys {
  readonly organizationId: string;
  readonly secretKey: string;
  readonly publishableKey: string;
  /** The file that keeps the secret key, and nothing else. */
  readonly file: string;
  /** Whether this start made them. */
  readonly created: boolean;
}

/**
 * Kept before the organization is registered, and registered anew if need be: so a crash in between leaves no
 * organization whose key nobody knows.
 */
export async function testKeysIn(dataDir: string): Promise<TestKeys> {
  const file = join(dataDir, 'test-key');
  const mode = { livemode: false } as const;
  const secret = await keptIn(file, () => newKey({ ...mode, kind: 'secret', organizationId: newId('organization') }));
  const organizationId = parseKey(secret.text)?.organizationId;
  if (!organizationId)
    throw new StartRefused(`${file} does not hold a key. Bring it back, or remove it for a new one.`);
  const publishable = await keptIn(join(dataDir, 'publishable-test-key'), () =>
    newKey({ ...mode, kind: 'publishable', organizationId }),
  );
  return { organizationId, secretKey: secret.text, publishableKey: publishable.text, file, created: secret.created };
}
