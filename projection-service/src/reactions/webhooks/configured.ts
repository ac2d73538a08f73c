import type { Deps } from '@agentcal/shared/process/deps';
import { createSender } from './attempt.ts';
import type { Sender } from './sender.ts';
import { createSvixSender } from './svix.ts';

/** Svix where there is a token for it, else the dispatcher that is built in. */
export async function configuredSender({
  config,
  clock,
  log,
}: Pick<Deps, 'config' | 'clock' | 'log'>): Promise<Sender> {
  const { svixToken: token, svixServerUrl: serverUrl, allowLocalWebhooks = false } = config;
  if (token !== undefined) return createSvixSender({ token, serverUrl, log });
  return createSender({ policy: { allowLoopback: allowLocalWebhooks }, clock });
}
