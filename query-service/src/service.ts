import { createProgress } from '@agentcal/projection-service/progress';
import { type ReadModel, readSchema } from '@agentcal/projection-service/tables';
import { openBookingLinks } from '@agentcal/shared/http/booking-links';
import { protect } from '@agentcal/shared/http/protect';
import { publicUrlOf } from '@agentcal/shared/http/public-url';
import { openSlotTokens } from '@agentcal/shared/http/slot-key';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Deps } from '@agentcal/shared/process/deps';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { Kysely, PostgresDialect } from 'kysely';
import { accountRoutes } from './accounts/routes.ts';
import { createAuthenticate } from './authenticate.ts';
import { explainRoutes } from './availability/explain-routes.ts';
import { freeBusyRoutes } from './availability/free-busy-routes.ts';
import { inWordsRoutes } from './availability/in-words/routes.ts';
import { createLoad } from './availability/load.ts';
import { availabilityRoutes } from './availability/routes.ts';
import { sequencesRoutes } from './availability/sequences/routes.ts';
import { bookingRoutes } from './bookings/routes.ts';
import type { ReadDeps } from './deps.ts';
import { tagAnswers } from './etags.ts';
import { eventTypeRoutes } from './event-types/routes.ts';
import { followBus, keepFresh } from './freshness.ts';
import { linkRoutes } from './links/routes.ts';
import { organizationRoutes } from './organization/routes.ts';
import { userRoutes } from './users/routes.ts';
import { webhookRoutes } from './webhooks/routes.ts';

/** Answers every GET from the read models. Writes nothing. */
export function queryService({ pool, bus, clock, vault, config }: Deps): FastifyPluginAsync {
  return async (app) => {
    const db = new Kysely<ReadModel>({ dialect: new PostgresDialect({ pool }) }).withSchema(readSchema);
    const progress = createProgress({ db, bus });
    app.addHook('onClose', async () => progress.close());

    const slots = await openSlotTokens(vault);
    const links = await openBookingLinks(vault, publicUrlOf(config, app.server));
    const deps: ReadDeps = { db, pool, load: createLoad(pool), progress, clock, slots, links };
    const announced = followBus(app, bus, 'organization-');
    protect(app, { authenticate: createAuthenticate({ ...deps, announced }) });
    keepFresh(app, progress, bus);
    tagAnswers(app);
    tellMissingTables(app);
    await app.register(organizationRoutes, deps);
    await app.register(accountRoutes, deps);
    await app.register(userRoutes, deps);
    await app.register(eventTypeRoutes, deps);
    await app.register(bookingRoutes, deps);
    await app.register(linkRoutes, deps);
    await app.register(webhookRoutes, deps);
    await app.register(availabilityRoutes, deps);
    await app.register(inWordsRoutes, deps);
    await app.register(sequencesRoutes, deps);
    await app.register(explainRoutes, deps);
    await app.register(freeBusyRoutes, deps);
  };
}

/** Before projections have run for the first time there are no tables: that is for us to wait, not the caller's fault. */
function tellMissingTables(app: FastifyInstance): void {
  app.setErrorHandler((error) => {
    const missing = error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '3F000');
    throw missing ? new Refusal('unavailable', 'The read models are being built for the first time') : error;
  });
}
