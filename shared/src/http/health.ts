import type { FastifyInstance } from 'fastify';
import { Refusal } from '../kernel/refusal.ts';
import { pathOf, problemContentType, problemHeaders, toProblem } from './problem.ts';

/** Resolves while the thing named works. */
export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

/** `live`: the process turns. `ready`: everything it needs answers, and it is not closing. */
export function exposeHealth(app: FastifyInstance, checks: Checks, timeoutMs: number): void {
  let closing = false;
  let running: Promise<Report> | undefined;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.get('/health/live', { schema: { hide: true } }, async () => ({ status: 'live' }));
  app.get('/health/ready', { schema: { hide: true } }, async (request, reply) => {
    // However many ask at once, the engines are asked once.
    running ??= run(checks, timeoutMs).finally(() => {
      running = undefined;
    });
    const report = await running;
    const failing = Object.keys(report).filter((name) => report[name] !== 'ok');
    if (failing.length === 0 && !closing) return { status: 'ready', checks: report };
    const detail = closing ? 'This process is closing' : `Not answering: ${failing.join(', ')}`;
    const refusal = new Refusal('unavailable', detail);
    const problem = { ...toProblem(refusal, pathOf(request.originalUrl), request.id), checks: report };
    return reply.code(503).headers(problemHeaders(refusal)).type(problemContentType).send(JSON.stringify(problem));
  });
}

type Report = Record<string, 'ok' | 'failing'>;

async function run(checks: Checks, timeoutMs: number): Promise<Report> {
  const results = Object.entries(checks).map(async ([name, check]) => [name, await outcome(check, timeoutMs)] as const);
  return Object.fromEntries(await Promise.all(results));
}

async function outcome(check: () => Promise<unknown>, timeoutMs: number): Promise<'ok' | 'failing'> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('timed out')), timeoutMs);
  try {
    await Promise.race([check(), late]);
    return 'ok';
  } catch {
    return 'failing';
  } finally {
    clearTimeout(timer);
  }
}
