import { randomInt } from 'node:crypto';
import { type ProblemCode, problems } from '@agentcal/shared/kernel/refusal';
import { type Attack, attacksOn } from './attacks.ts';
import type { Operation } from './document.ts';
import type { World } from './world.ts';

/** So many attacks are on their way at once. */
const concurrency = 8;

/** Attacks one operation. Answers how many attacks there were, and a line for each that was not answered rightly. */
export async function walk(operation: Operation, world: World): Promise<{ count: number; wrong: string[] }> {
  const attacks = attacksOn(operation, world);
  const codes = new Map<string, Set<string>>();
  const wrong: string[] = [];
  let count = 0;
  const attackOn = async () => {
    // One generator for all: whoever is free takes the next.
    for (const attack of attacks) {
      count += 1;
      const { code, trouble } = await answerTo(attack, world.url);
      const { name, request, group } = attack;
      if (trouble) wrong.push(`${name} (${request.method} ${request.target.slice(0, 150)}): ${trouble}`);
      if (group) codes.set(group, (codes.get(group) ?? new Set()).add(String(code)));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, attackOn));
  for (const [group, told] of codes) if (told.size > 1) wrong.push(`${group} tells apart: ${[...told]}`);
  return { count, wrong };
}

async function answerTo({ request, expect }: Attack, url: string): Promise<{ code?: unknown; trouble?: string }> {
  const answer = await fetch(url + request.target, {
    method: request.method,
    // Each from an address of its own, so that what is wrong is what is answered, and not how often.
    headers: { ...request.headers, 'x-forwarded-for': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}` },
    ...(request.body !== undefined && { body: request.body }),
  });
  const text = await answer.text();
  const shown = `${answer.status} ${text.slice(0, 300)}`;
  if (!expect.includes(answer.status)) return { trouble: `expected ${expect.join(' or ')}, got ${shown}` };
  const trouble = troubleWith(text, answer);
  return trouble ? { trouble: `${trouble}: ${shown}` } : { code: JSON.parse(text).code };
}

/** What is not as every problem has to be. */
function troubleWith(text: string, { status, headers }: Response): string | undefined {
  if (!headers.get('content-type')?.startsWith('application/problem+json')) return 'no problem';
  const problem = JSON.parse(text) as Record<string, unknown>;
  const known = problems[problem.code as ProblemCode];
  if (!known) return 'a code that is not in the catalogue';
  if (known.status !== status || problem.status !== status) return 'a status that is not the code’s';
  if (headers.get('request-id') !== problem.request_id) return 'no request id';
  if (String(problem.instance).includes('?')) return 'an instance with a query';
  if (status === 401 && !headers.get('www-authenticate')) return 'no www-authenticate';
  if (status === 405 && !headers.get('allow')) return 'no allow';
  if (/node_modules|\.ts:\d|\n\s+at /.test(text)) return 'a stack';
  return undefined;
}
