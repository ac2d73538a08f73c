import type { Logger } from 'pino';
import type { Attempt, Message, Sender } from './sender.ts';

export interface SvixOptions {
  readonly token: string;
  /** Of a server of one's own. Without it: Svix's cloud, in the region that the token names. */
  readonly serverUrl: string | undefined;
  readonly log: Logger;
  /** For one call; handing over takes three at most, which have to fit in the time that a job has. */
  readonly timeoutMs?: number;
}

/** The least that svix-server takes. What a payload said of an attendee who was erased is gone from there after as long. */
const payloadRetentionDays = 5;

/**
 * Hands deliveries to Svix, which signs, sends and retries them. An endpoint is an application of its own with
 * one endpoint and our secret, so that a message goes to exactly one receiver, who verifies with the secret that they have
 * (docs/decisions/0090-svix-an-application-per-endpoint.md).
 */
export async function createSvixSender({ token, serverUrl, log, timeoutMs = 10_000 }: SvixOptions): Promise<Sender> {
  // Loaded here, so that who does not use it does not pay for it.
  const { ApiException, Svix } = await import('svix');
  // No retries of its own: the job is what is tried again.
  const svix = new Svix(token, { serverUrl, requestTimeout: timeoutMs, retryScheduleInMs: [] });
  const statusOf = (error: unknown) => (error instanceof ApiException ? error.code : undefined);
  /** Endpoints that Svix is known to have, complete; after any trouble they are looked at again. */
  const registered = new Set<string>();

  async function handOver({ webhookId, url, event, secret }: Message): Promise<void> {
    if (!registered.has(webhookId)) {
      await svix.application.getOrCreate({ uid: webhookId, name: webhookId });
      await unless(409, svix.endpoint.create(webhookId, { uid: webhookId, url, secret }));
      registered.add(webhookId);
    }
    const message = {
      // With the endpoint's id in front, as some versions of Svix want it unique among all applications.
      eventId: `${webhookId}.${event.id}`,
      eventType: event.type,
      payload: event,
      payloadRetentionPeriod: payloadRetentionDays,
    };
    await unless(409, svix.message.create(webhookId, message));
  }

  /** That status says: it is so already. */
  async function unless(status: 404 | 409, call: Promise<unknown>): Promise<void> {
    await call.catch((error: unknown) => {
      if (statusOf(error) !== status) throw error;
    });
  }

  return {
    send: async (message) => {
      const started = performance.now();
      const answer = (delivered: boolean, detail: string): Attempt => {
        return { delivered, statusCode: null, detail, durationMs: Math.round(performance.now() - started) };
      };
      try {
        await handOver(message);
        return answer(true, 'handed to Svix');
      } catch (error) {
        registered.delete(message.webhookId);
        const status = statusOf(error);
        log.warn({ webhook: message.webhookId, event: message.event.id, status }, 'Svix did not take a webhook');
        return answer(false, status === undefined ? 'Svix did not answer' : `Svix answered ${status}`);
      }
    },
    forget: async (webhookId) => {
      registered.delete(webhookId);
      await unless(404, svix.application.delete(webhookId)).catch((error: unknown) => {
        // The library's error would bring headers into the queue's tables and the log.
        throw new Error(`Svix kept an application: ${statusOf(error) ?? 'no answer'}`);
      });
    },
    close: async () => {},
  };
}
