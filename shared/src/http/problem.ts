import { type FieldFault, type ProblemCode, problems, type Refusal } from '../kernel/refusal.ts';

/** RFC 9457, as `schemas.ts` publishes it: `type` names the kind of trouble, `detail` this occurrence of it. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Path of the request, without its query. */
  readonly instance: string;
  readonly code: ProblemCode;
  readonly request_id: string;
  readonly next_action: string;
  readonly errors?: readonly FieldFault[];
  readonly alternatives?: readonly unknown[];
}

export const problemContentType = 'application/problem+json';

/** Turns a refusal into what the caller reads. */
export function toProblem(refusal: Refusal, instance: string, requestId: string): ProblemBody {
  const { code, message, extras } = refusal;
  const { status, title, nextAction } = problems[code];
  return {
    type: problemType(code),
    title,
    status,
    detail: message,
    instance,
    code,
    request_id: requestId,
    next_action: nextAction,
    ...(extras.errors && { errors: extras.errors }),
    ...(extras.alternatives && { alternatives: extras.alternatives }),
  };
}

export function problemType(code: ProblemCode): string {
  return `https://agentcal.dev/problems/${code}`;
}

/** The headers that belong to a problem: when to come back, and how to show who one is. */
export function problemHeaders(refusal: Refusal): Record<string, string> {
  const { status } = problems[refusal.code];
  const headers: Record<string, string> = {};
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="agentcal"';
  if (status === 503 || status === 429) headers['retry-after'] = String(refusal.extras.retryAfterSeconds ?? 1);
  return headers;
}

/** The path of a request target: problems and logs never repeat a query. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  return end === -1 ? target : target.slice(0, end);
}
