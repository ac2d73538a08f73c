import { type Clock, systemClock } from '@agentcal/shared/kernel/time';
import { type DestinationPolicy, guardedLookup, objectionTo } from '@agentcal/shared/webhooks/destination';
import { signWebhook } from '@agentcal/shared/webhooks/signature';
import { Agent, request } from 'undici';

/** How one attempt at one delivery went. `delivered`: the receiver answered 2xx in time. */
export interface Attempt {
  readonly delivered: boolean;
  readonly statusCode: number | null;
  /** Why there is no status, or what its beginning says: for the customer's developers, never logged. */
  readonly detail: string | null;
  readonly durationMs: number;
}

export interface Message {
  readonly url: string;
  /** The event's id: the same on every attempt, so that the receiver can drop repeats. */
  readonly id: string;
  readonly body: string;
  readonly secrets: readonly string[];
}

/** Makes attempts. Redirects are not followed: they would lead past the check of the address. */
export interface Sender {
  send(message: Message): Promise<Attempt>;
  close(): Promise<void>;
}

export interface SenderOptions {
  readonly policy: DestinationPolicy;
  readonly clock?: Clock;
  /** For the whole attempt, connecting included. */
  readonly timeoutMs?: number;
}

const answerExcerptBytes = 500;
const userAgent = 'AgentCal-Webhooks/1.0';

export function createSender({ policy, clock = systemClock, timeoutMs = 15_000 }: SenderOptions): Sender {
  const agent = new Agent({
    connect: { lookup: guardedLookup(policy) as never, timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxRedirections: 0,
    pipelining: 1,
  } as Agent.Options);
  return {
    send: async (message) => {
      const started = performance.now();
      const outcome = await attempt(agent, message, { policy, clock, timeoutMs });
      return { ...outcome, durationMs: Math.round(performance.now() - started) };
    },
    close: () => agent.destroy(),
  };
}

async function attempt(
  dispatcher: Agent,
  { url, id, body, secrets }: Message,
  { policy, clock, timeoutMs }: Required<SenderOptions>,
): Promise<Omit<Attempt, 'durationMs'>> {
  const objection = objectionTo(url, policy);
  if (objection) return { delivered: false, statusCode: null, detail: `the URL cannot receive webhooks: ${objection}` };
  try {
    const answer = await request(url, {
      dispatcher,
      method: 'POST',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': userAgent,
        ...signWebhook(id, Math.floor(clock.now() / 1000), body, secrets),
      },
      body,
    });
    const excerpt = await beginningOf(answer.body);
    const delivered = answer.statusCode >= 200 && answer.statusCode < 300;
    const redirect = answer.statusCode >= 300 && answer.statusCode < 400 ? 'redirects are not followed' : null;
    return { delivered, statusCode: answer.statusCode, detail: redirect ?? excerpt };
  } catch (error) {
    return { delivered: false, statusCode: null, detail: reasonOf(error) };
  }
}

/** Reads little of the answer, and lets go of a receiver that never stops talking. */
async function beginningOf(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string | null> {
  let text = '';
  for await (const chunk of body) {
    text += chunk.toString('utf8');
    if (text.length >= answerExcerptBytes) break;
  }
  body.destroy();
  return text === '' ? null : text.slice(0, answerExcerptBytes).replaceAll('\0', '');
}

function reasonOf(error: unknown): string {
  const { name, code, message } = error as Error & { code?: string };
  if (name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT')
    return 'no answer in time';
  return name === 'AddressRefused' ? message : `no connection (${code ?? name})`;
}
