import { type Clock, systemClock } from '@agentcal/shared/kernel/time';
import { type DestinationPolicy, guardedLookup, objectionTo } from '@agentcal/shared/webhooks/destination';
import { signWebhook } from '@agentcal/shared/webhooks/signature';
import { Agent, request } from 'undici';
import type { Attempt, Message, Sender } from './sender.ts';

export interface SenderOptions {
  readonly policy: DestinationPolicy;
  readonly clock?: Clock;
  /** For the whole attempt, connecting included. */
  readonly timeoutMs?: number;
}

const answerExcerptBytes = 500;
const userAgent = 'AgentCal-Webhooks/1.0';

/** Makes attempts itself. Redirects are not followed: they would lead past the check of the address. */
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
    // Nothing is kept outside.
    forget: async () => {},
    close: () => agent.destroy(),
  };
}

async function attempt(
  dispatcher: Agent,
  { url, event, secret }: Message,
  { policy, clock, timeoutMs }: Required<SenderOptions>,
): Promise<Omit<Attempt, 'durationMs'>> {
  const objection = objectionTo(url, policy);
  if (objection) return { delivered: false, statusCode: null, detail: `the URL cannot receive webhooks: ${objection}` };
  const body = JSON.stringify(event);
  try {
    const answer = await request(url, {
      dispatcher,
      method: 'POST',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': userAgent,
        ...signWebhook(event.id, Math.floor(clock.now() / 1000), body, [secret]),
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
