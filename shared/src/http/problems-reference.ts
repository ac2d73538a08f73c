import { writeFile } from 'node:fs/promises';
import { STATUS_CODES } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type ProblemCode, problems } from '../kernel/refusal.ts';
import { problemType } from './problem.ts';

/** The page of the catalogue: `node shared/src/http/problems-reference.ts` writes it, a test holds it. */
export const problemsPage = fileURLToPath(new URL('../../../docs/reference/problems.md', import.meta.url));

export function describeProblems(): string {
  const codes = Object.keys(problems) as ProblemCode[];
  const statuses = [...new Set(codes.map((code) => problems[code].status))].sort((a, b) => a - b);
  return `# Problems

Every answer that is no success is a problem (RFC 9457, \`application/problem+json\`):

\`\`\`json
{
  "type": "${problemType('slot_taken')}",
  "title": "${problems.slot_taken.title}",
  "status": ${problems.slot_taken.status},
  "detail": "what happened this time",
  "instance": "/v1/accounts/acct_…/bookings",
  "code": "slot_taken",
  "request_id": "req_…",
  "next_action": "${problems.slot_taken.nextAction}",
  "alternatives": [{ "start_time": "2026-11-24T15:00:00Z" }]
}
\`\`\`

Decide by \`code\`: codes are never renamed and never used for something else, though new ones may join. \`detail\` is
for people. \`errors\` names what is wrong field by field: \`pointer\` is a JSON Pointer that begins with \`/body\`,
\`/query\`, \`/path\` or \`/headers\`. \`alternatives\` are times that can be booked instead. With 429 and 503,
\`Retry-After\` says when to come back; a repeat with the same \`Idempotency-Key\` never does a thing twice.

${statuses.map((status) => section(status, codes)).join('\n')}
Written from \`shared/src/kernel/refusal.ts\` by \`node shared/src/http/problems-reference.ts\`.
`;
}

function section(status: number, codes: readonly ProblemCode[]): string {
  const rows = codes
    .filter((code) => problems[code].status === status)
    .map((code) => {
      const { title, nextAction } = problems[code];
      return `| \`${code}\` | ${title} | ${nextAction} |`;
    });
  return `## ${status} ${STATUS_CODES[status]}

| code | what it means | what to do |
| --- | --- | --- |
${rows.join('\n')}
`;
}

if (import.meta.main) await writeFile(problemsPage, describeProblems());
