import type { BookingLinks } from '@agentcal/shared/http/booking-links';
import type { Clock } from '@agentcal/shared/kernel/time';
import type { Vault } from '@agentcal/shared/vault/port';
import type { Job } from '../../jobs/port.ts';
import type { Dispatch } from './dispatch.ts';
import { envelopeOf } from './envelope.ts';
import type { DeliveryJob } from './queue.ts';
import type { Attempt, Sender } from './sender.ts';

export interface DeliveryDeps extends Dispatch {
  readonly vault: Pick<Vault, 'getSecret'>;
  readonly sender: Sender;
  readonly links: Pick<BookingLinks, 'addTo'>;
  readonly clock: Clock;
  readonly log: { info(fields: object, message: string): void };
}

/** Takes deliveries from the queue and makes an attempt at each; one that fails is tried again later. */
export async function startDeliveries(deps: DeliveryDeps): Promise<void> {
  await deps.deliveries.work((job) => deliver(deps, job));
  await deps.removals.work(({ data }) => deps.sender.forget(data.webhook_id));
}

/** @throws where it has to be tried again. */
async function deliver(deps: DeliveryDeps, { data, attempt: number, isLast }: Job<DeliveryJob>): Promise<void> {
  const { ledger, vault, sender, links, clock, log } = deps;
  const { webhook_id: webhookId, event_id: eventId } = data;
  const delivery = { webhookId, eventId };
  const due = await ledger.find(delivery);
  // The event is missing only while its table is being rebuilt.
  if (!due) throw new Error('the event is not there yet');
  if (due.isRemoved) {
    await ledger.drop(delivery, new Date(clock.now()));
    // An earlier run of this job may have come after the removal's, and ended before it could look again.
    return sender.forget(webhookId);
  }
  const secret = await vault.getSecret(`webhook:${webhookId}`);
  const attempt: Attempt =
    secret === undefined
      ? { delivered: false, statusCode: null, detail: 'the signing secret is gone', durationMs: 0 }
      : await sender.send({ webhookId, url: due.url, event: envelopeOf(due.event, links), secret });
  // While an attempt is made its endpoint may be removed, and the sender would know it again after forgetting it.
  if (await ledger.isRemoved(webhookId)) await sender.forget(webhookId);
  await ledger.record(delivery, { ...attempt, number, at: new Date(clock.now()), isLast });
  const { delivered, statusCode: status, durationMs: ms } = attempt;
  log.info({ webhook: webhookId, event: eventId, attempt: number, delivered, status, ms }, 'webhook attempted');
  // After the last attempt the delivery has failed and its job is done: later events about the booking go on.
  if (!delivered && !isLast) throw new Error(`attempt ${number} failed`);
}
