import type { Bus } from '@agentcal/shared/bus/port';
import type { BookingLinks } from '@agentcal/shared/http/booking-links';
import type { Clock } from '@agentcal/shared/kernel/time';
import type { Vault } from '@agentcal/shared/vault/port';
import type { Dispatch } from './dispatch.ts';
import { type Dispatcher, startDispatcher } from './dispatcher/dispatcher.ts';
import type { Outcome, ServingDeps } from './dispatcher/serve.ts';
import { dispatchTerms, waitSeconds } from './dispatcher/terms.ts';
import { envelopeOf } from './envelope.ts';
import type { DueDelivery } from './ledger/port.ts';
import { reactionName } from './reaction.ts';
import type { Attempt, Sender } from './sender.ts';

export interface DeliveryDeps extends Dispatch, Pick<ServingDeps, 'timing' | 'log'> {
  readonly vault: Pick<Vault, 'getSecret'>;
  readonly sender: Sender;
  readonly links: Pick<BookingLinks, 'addTo'>;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly terms?: ServingDeps['terms'];
}

/** Sends what endpoints are owed; what fails is tried again later. */
export async function startDeliveries(options: DeliveryDeps): Promise<Pick<Dispatcher, 'stop'>> {
  const deps = { ...options, terms: options.terms ?? dispatchTerms };
  const { ledger, timing, terms, log, bus, sender } = deps;
  await deps.removals.work(async ({ webhook_id: webhookId }) => {
    await ledger.drop(webhookId);
    await sender.forget(webhookId);
  });
  const attempt = (delivery: DueDelivery, isHeld: () => boolean) => deliver(deps, delivery, isHeld);
  const dispatcher = startDispatcher({ ledger, timing, terms, log, attempt });
  const unsubscribe = bus.subscribe('projection.advanced', ({ projection }) => {
    if (projection === reactionName) dispatcher.wake();
  });
  return {
    stop: () => {
      unsubscribe();
      return dispatcher.stop();
    },
  };
}

async function deliver(
  { ledger, vault, sender, links, clock, timing, terms, log }: DeliveryDeps & Pick<ServingDeps, 'terms'>,
  delivery: DueDelivery,
  isHeld: () => boolean,
): Promise<Outcome> {
  const { webhookId, eventId } = delivery;
  const found = await ledger.find(delivery);
  // The event is missing only while its table is being rebuilt.
  if (!found) return 'none';
  if (found.isRemoved) {
    await ledger.drop(webhookId);
    // An earlier attempt may have come after the removal's job, and ended before it could look again.
    await sender.forget(webhookId);
    return 'none';
  }
  const secret = await vault.getSecret(`webhook:${webhookId}`);
  const made: Attempt =
    secret === undefined
      ? { delivered: false, statusCode: null, detail: 'the signing secret is gone', durationMs: 0 }
      : await sender.send({ webhookId, url: found.url, event: envelopeOf(found.event, links), secret });
  // While an attempt is made its endpoint may be removed, and the sender would know it again after forgetting it.
  if (await ledger.isRemoved(webhookId)) await sender.forget(webhookId);
  if (!isHeld()) return 'none';
  const number = delivery.attempts + 1;
  const retrySeconds = number > terms.retryLimit ? undefined : waitSeconds(terms.retry, number, timing);
  await ledger.record(delivery, { ...made, number, at: new Date(clock.now()), retrySeconds });
  const { delivered, statusCode: status, durationMs: ms } = made;
  log.info({ webhook: webhookId, event: eventId, attempt: number, delivered, status, ms }, 'webhook attempted');
  return delivered ? 'delivered' : 'failed';
}
