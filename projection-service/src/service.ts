import { createCommandSender } from '@agentcal/command-service/commands';
import { openBookingLinks } from '@agentcal/shared/http/booking-links';
import { publicUrlOf } from '@agentcal/shared/http/public-url';
import { realTiming } from '@agentcal/shared/kernel/timing';
import { createPool, warnOfLost } from '@agentcal/shared/postgres/pool';
import type { Deps } from '@agentcal/shared/process/deps';
import type { FastifyPluginAsync } from 'fastify';
import { Kysely, PostgresDialect } from 'kysely';
import { besideThePool } from './connections.ts';
import { consumersOf } from './consumers.ts';
import type { EngineDeps } from './engine/deps.ts';
import { type RunningEngine, startEngine } from './engine/engine.ts';
import { createLeadership } from './engine/leadership.ts';
import { createPostgresStorage } from './engine/storage/postgres.ts';
import { startJobs, stopJobs } from './jobs/boss.ts';
import { addToBoss } from './jobs/boss-queue.ts';
import { observeConsumers } from './metrics.ts';
import { createProgress } from './progress.ts';
import { lifecycleQueue } from './reactions/lifecycle/queue.ts';
import { startLifecycle } from './reactions/lifecycle/work.ts';
import { configuredSender } from './reactions/webhooks/configured.ts';
import { startDeliveries } from './reactions/webhooks/delivery.ts';
import { openDispatch } from './reactions/webhooks/dispatch.ts';

/** Follows the log for as long as the server is up. Has no routes of its own. */
export function projectionService(deps: Deps): FastifyPluginAsync {
  return async (app) => {
    const { config, store, bus, vault, clock, log } = deps;
    const db = new Kysely({ dialect: new PostgresDialect({ pool: deps.pool }) });
    // Of its own: however much is to be sent, requests do not wait for a connection.
    const dispatchPool = createPool(config.databaseUrl, {
      name: 'agentcal-dispatch',
      max: besideThePool.dispatch,
      onLost: warnOfLost(log),
    });
    const dispatchDb = new Kysely({ dialect: new PostgresDialect({ pool: dispatchPool }) });
    const progress = createProgress({ db, bus: deps.bus });
    const leadership = createLeadership({ pool: deps.pool });
    const sender = await configuredSender(deps);
    const commands = createCommandSender(deps);
    let jobs: Awaited<ReturnType<typeof startJobs>> | undefined;
    let deliveries: Awaited<ReturnType<typeof startDeliveries>> | undefined;
    let engine: RunningEngine | undefined;
    const observer = observeConsumers(app.metrics, () => engine?.statuses ?? []);
    const storage = createPostgresStorage(deps.pool);
    const engineDeps: EngineDeps = { storage, store, bus, vault, clock, log, progress, leadership, observer };

    app.addHook('onReady', async () => {
      jobs = await startJobs({ databaseUrl: config.databaseUrl, log });
      const links = await openBookingLinks(vault, publicUrlOf(config, app.server));
      const dispatch = await openDispatch(dispatchDb, jobs);
      deliveries = await startDeliveries({ ...dispatch, vault, sender, links, bus, clock, timing: realTiming, log });
      await startLifecycle({ boss: jobs, sender: commands, clock, log, metrics: app.metrics });
      engine = await startEngine(
        consumersOf({ dispatch, lifecycle: { add: addToBoss(jobs, lifecycleQueue) } }),
        engineDeps,
      );
    });
    app.addHook('onClose', async () => {
      await engine?.stop();
      await deliveries?.stop();
      if (jobs) await stopJobs(jobs);
      await sender.close();
      commands.close();
      await leadership.close();
      await dispatchDb.destroy();
      progress.close();
    });
  };
}
