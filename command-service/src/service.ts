import { openBookingLinks } from '@agentcal/shared/http/booking-links';
import { protect } from '@agentcal/shared/http/protect';
import { publicUrlOf } from '@agentcal/shared/http/public-url';
import { openSlotTokens } from '@agentcal/shared/http/slot-key';
import type { Deps } from '@agentcal/shared/process/deps';
import type { FastifyPluginAsync } from 'fastify';
import { accountRoutes } from './account/routes.ts';
import { accountScheduleRoutes } from './account/schedule-routes.ts';
import { createAccountHolds } from './account-holds/cap.ts';
import { calendarRoutes } from './calendar/routes.ts';
import { eventTypeRoutes } from './event-type/routes.ts';
import type { Timing } from './executor/pauses.ts';
import type { Executor } from './executor/port.ts';
import { openExecutor } from './open-executor.ts';
import { authenticateFromLog } from './organization/authenticate.ts';
import { keyRoutes } from './organization/key-routes.ts';
import { webhookRoutes } from './organization/webhook-routes.ts';
import { createPlans } from './scheduling/plans.ts';
import { seriesRoutes } from './scheduling/series-routes.ts';
import { userRoutes } from './user/routes.ts';
import { scheduleRoutes } from './user/schedule-routes.ts';

export type { Timing } from './executor/pauses.ts';
export type { Executor } from './executor/port.ts';
export { openExecutor } from './open-executor.ts';
export { type Seed, seedOrganization } from './seed.ts';

/** Decides what happened: every route that writes. The simulation hands in an executor of its own, and how time passes. */
export function commandService(all: Deps, given: Given = {}): FastifyPluginAsync {
  const { vault, clock, config } = all;
  return async (app) => {
    const executor = given.executor ?? openExecutor(all);
    app.addHook('onClose', async () => executor.close());
    protect(app, { authenticate: authenticateFromLog(executor, clock) });

    const deps = { executor, vault, clock };
    await app.register(keyRoutes, deps);
    await app.register(webhookRoutes, { ...deps, allowLocalWebhooks: config.allowLocalWebhooks ?? false });
    await app.register(accountRoutes, deps);
    await app.register(accountScheduleRoutes, deps);
    await app.register(userRoutes, deps);
    await app.register(scheduleRoutes, deps);
    await app.register(eventTypeRoutes, deps);
    const links = await openBookingLinks(vault, publicUrlOf(config, app.server));
    const slots = await openSlotTokens(vault);
    const timed = { slots, ...(given.timing && { timing: given.timing }) };
    const plans = createPlans({ executor, ...timed });
    const ofCalendars = { ...deps, ...timed, links, plans, accountHolds: createAccountHolds(executor) };
    await app.register(calendarRoutes, ofCalendars);
    await app.register(seriesRoutes, ofCalendars);
  };
}

interface Given {
  readonly executor?: Executor;
  readonly timing?: Timing;
}
