import type { Progress } from '@agentcal/projection-service/progress';
import { projectionOf, type ReadModel } from '@agentcal/projection-service/tables';
import type { Bus } from '@agentcal/shared/bus/port';
import { minPosition, setPosition } from '@agentcal/shared/http/position';
import type { Position } from '@agentcal/shared/kernel/event';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Tables that the route reads: what `AgentCal-Min-Position` waits for. */
    reads?: readonly (keyof ReadModel)[];
  }
}

/** How long a read waits for its read model before it says that it is behind. */
export const maxWaitMs = 5_000;

/**
 * How long a read that names no position waits for what the bus has said was written. It keeps a caller who reads
 * right after a write from missing it, costs nothing while nothing is written, and never makes a read fail.
 */
export const politeWaitMs = 250;

/** Lets reads wait for writes they have to see, and tells them how far what they saw had come. */
export function keepFresh(app: FastifyInstance, progress: Progress, bus: Bus): void {
  const announced = followBus(app, bus);
  app.addHook('preHandler', (request, reply, done) => {
    const projections = projectionsOf(request.routeOptions.config.reads ?? []);
    const wanted = minPosition(request);
    const tell = () => {
      const known = progress.known(projections);
      if (known > 0n) setPosition(reply, known);
      done();
    };
    if (wanted === undefined) {
      if (projections.length === 0 || progress.known(projections) >= announced()) return tell();
      progress.reached(projections, announced(), politeWaitMs).then(tell, tell);
      return;
    }
    waitFor(progress, projections, wanted).then(tell, done);
  });
}

/** Up to where the bus has said that the log goes: the whole, or streams of one category. */
export function followBus(app: FastifyInstance, bus: Bus, category = ''): () => Position {
  let announced = 0n;
  const unsubscribe = bus.subscribe('log.appended', ({ streamId, position }) => {
    if (streamId.startsWith(category) && BigInt(position) > announced) announced = BigInt(position);
  });
  app.addHook('onClose', async () => unsubscribe());
  return () => announced;
}

/** @throws {Refusal} `read_model_behind` */
export async function waitFor(progress: Progress, projections: readonly string[], position: bigint): Promise<void> {
  if (await progress.reached(projections, position, maxWaitMs)) return;
  throw new Refusal('read_model_behind', undefined, { retryAfterSeconds: 1 });
}

const remembered = new WeakMap<readonly (keyof ReadModel)[], readonly string[]>();

function projectionsOf(tables: readonly (keyof ReadModel)[]): readonly string[] {
  const known = remembered.get(tables);
  if (known) return known;
  const projections = [...new Set(tables.map((table) => projectionOf[table]))];
  remembered.set(tables, projections);
  return projections;
}
