/** Names of fields that hold a secret or say who somebody is, in whatever case and at whatever depth. */
const masked = new Set(
  [
    ...['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'client_secret', 'token', 'access_token'],
    ...['refresh_token', 'id_token', 'api_key', 'apikey', 'key', 'idempotency-key', 'email', 'name', 'first_name'],
    ...['last_name', 'phone', 'attendee', 'attendees', 'guests', 'answers', 'metadata', 'body', 'query'],
  ].flatMap((name) => [name, name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())]),
);

const mask = '***';
const maxDepth = 6;

/** The same fields with the masked ones masked. Errors are left to their serializer. */
export function maskFields(fields: Record<string, unknown>): Record<string, unknown> {
  return maskObject(fields, 0);
}

function maskObject(object: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name,
      masked.has(name) || masked.has(name.toLowerCase()) ? mask : maskValue(value, depth + 1),
    ]),
  );
}

function maskValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (depth > maxDepth) return mask;
  if (Array.isArray(value)) return value.map((item) => maskValue(item, depth + 1));
  return isPlain(value) ? maskObject(value, depth) : value;
}

/** Requests, dates and the like have serializers of their own. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const patterns: readonly [RegExp, string][] = [
  // API keys, ours and webhook secrets; what is left of them tells their kind.
  [/\b(sk_live_|sk_test_|pk_live_|pk_test_|whsec_)[\w+/=-]+/g, `$1${mask}`],
  // Links that let whoever has them change a booking.
  [/\b(link_)[0-9a-z]{20,}/g, `$1${mask}`],
  [/\b(bearer|basic) [\w.~+/=-]+/gi, `$1 ${mask}`],
  [/(\w:\/\/)[^\s/@"]*@/g, `$1${mask}@`],
  [/[\w.%+-]+@[\w-]+(\.[\w-]+)+/g, `${mask}@${mask}`],
];

/** The last net, over the finished line: secrets and addresses in the middle of a message, or under another name. */
export function maskLine(line: string): string {
  return patterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}
