import type { Deps } from '@agentcal/shared/process/deps';
import type { FastifyPluginAsync } from 'fastify';

/**
 * Mirrors external calendars: what makes a user busy elsewhere becomes a `MirrorExternalBusy` command for that
 * user's calendar, and what is booked here is written there. It changes nothing in any other way.
 *
 * No provider is connected yet (calendars/README.md says what one is), so there is nothing to serve: the process
 * answers its health and metrics, which are the HTTP edge's.
 */
export function syncService({ log }: Deps): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onReady', async () => log.info('no calendar provider is configured'));
  };
}
