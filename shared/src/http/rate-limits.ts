import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal.ts';

/** Requests per minute. Counted in this process alone: n processes let through n times as many. */
export interface RateLimitOptions {
  readonly perKey: number;
  /** Of one address, on routes that need no key. */
  readonly perAddress: number;
  /** Of one address with wrong keys, after which only keys that were right before are still looked at. */
  readonly failuresPerAddress: number;
}

export const defaultRateLimits: RateLimitOptions = { perKey: 6_000, perAddress: 600, failuresPerAddress: 120 };

declare module 'fastify' {
  interface FastifyInstance {
    limits: Limits;
  }
}

interface Limits {
  byKey(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  byAddress(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  readonly failures: Failures;
}

/** Guessing keys costs us a look-up each; this bounds it, and spares the honest neighbours of a guesser. */
interface Failures {
  refuseIfSpent(request: FastifyRequest, reply: FastifyReply, token: string | undefined): Promise<void>;
  count(request: FastifyRequest): Promise<void>;
  /** Remembers a token that was right, so that its address's failures are not held against it. */
  forgive(token: string): void;
}

const timeWindow = 60_000;
const maxForgiven = 10_000;

/** Decorates the server with limits that all its services share. */
export async function limitRates(app: FastifyInstance, options: RateLimitOptions): Promise<void> {
  await app.register(rateLimit, { global: false });
  const keys = app.createRateLimit({
    max: options.perKey,
    timeWindow,
    keyGenerator: (request: FastifyRequest) => request.principal.keyId,
  });
  const addresses = app.createRateLimit({ max: options.perAddress, timeWindow });
  app.decorate('limits', {
    byKey: async (request, reply) => tell(reply, await keys(request)),
    byAddress: async (request, reply) => tell(reply, await addresses(request)),
    failures: countFailures(app, options.failuresPerAddress),
  });
}

function countFailures(app: FastifyInstance, max: number): Failures {
  const failures = app.createRateLimit({ max, timeWindow });
  const forgiven = new Set<string>();
  return {
    async refuseIfSpent(request, reply, token) {
      if (token !== undefined && forgiven.has(token)) return;
      const count = await failures(request, { increment: false });
      if (!count.isAllowed && count.remaining === 0) tell(reply, { ...count, isExceeded: true });
    },
    async count(request) {
      await failures(request);
    },
    forgive(token) {
      if (forgiven.size >= maxForgiven) forgiven.clear();
      forgiven.add(token);
    },
  };
}

type Count = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

function tell(reply: FastifyReply, count: Count): void {
  if (count.isAllowed) return;
  reply.headers({
    'ratelimit-limit': count.max,
    'ratelimit-remaining': count.remaining,
    'ratelimit-reset': count.ttlInSeconds,
  });
  if (!count.isExceeded) return;
  const seconds = Math.max(1, count.ttlInSeconds);
  throw new Refusal('rate_limited', `More than ${count.max} requests in a minute`, { retryAfterSeconds: seconds });
}
