import { build, nextName } from './build.ts';
import type { Consumer } from './consumer.ts';
import type { EngineDeps } from './deps.ts';
import { openLive, startOver } from './open.ts';

/**
 * Sends a consumer through the whole log again, on a running product: a projection is built beside and
 * swapped in, a reaction starts over quietly. Whoever runs it goes on with what is then live.
 *
 * Answers the position it has reached. @throws where somebody else is building it already.
 */
export async function rebuild(consumer: Consumer, deps: EngineDeps, signal: AbortSignal): Promise<bigint> {
  await deps.storage.prepare();
  if (consumer.kind === 'reaction') {
    await openLive(deps.storage, consumer);
    return await deps.storage.transaction(async (trx) => {
      const live = await trx.findSeat(consumer.name, 'live');
      return (await startOver(trx, consumer, live!)).position;
    });
  }
  const lease = await deps.leadership.tryLead(nextName(consumer));
  if (!lease) throw new Error(`${consumer.name} is being built already`);
  try {
    const seat = await build(consumer, deps, { fresh: true, signal: AbortSignal.any([signal, lease.lost]) });
    return seat.position;
  } finally {
    await lease.release();
  }
}
