import { fingerprint } from '@agentcal/shared/http/command-context';
import { commandIdFrom } from '@agentcal/shared/kernel/ids';
import type { Instant } from '@agentcal/shared/kernel/time';

/** What somebody asks of the product. A key of its own, unless somebody else's is used again on purpose. */
export interface Asked {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
  readonly key: string;
}

/** One thing that a client wanted, and what it was told. */
export interface Entry extends Asked {
  readonly client: string;
  readonly organizationId: string;
  readonly began: Instant;
  /** Of the command in the log, and of what it asked: as the product derives them. */
  readonly commandId: string;
  readonly fingerprint: string;
  readonly answers: Answer[];
  /** For each answer: when it was asked for, and whether with the tenant's spare key. */
  readonly tries: { readonly at: Instant; readonly isSpare: boolean }[];
}

/** `undefined`: none came in time, or one that says nothing about what became of it. */
export type Answer = { readonly status: number; readonly body: Record<string, unknown> } | undefined;

export function newEntry(client: string, organizationId: string, asked: Asked, began: Instant): Entry {
  return {
    ...asked,
    client,
    organizationId,
    began,
    commandId: commandIdFrom(organizationId, `test\n${asked.key}`),
    fingerprint: fingerprint({ method: asked.method, url: asked.url, body: asked.body }),
    answers: [],
    tries: [],
  };
}

/** Answers that end a request: everything but silence and what says "later". */
export function isFinal(answer: Answer): boolean {
  return answer !== undefined && !later.has(String(answer.body.code));
}

const later = new Set(['unavailable', 'too_much_contention', 'rate_limited']);

export function finalAnswer({ answers }: Entry): Answer {
  return answers.find(isFinal);
}
