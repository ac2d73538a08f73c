import { createHmac, randomBytes } from 'node:crypto';

/**
 * Standard Webhooks 1.0: the receiver's libraries (`standardwebhooks`, `svix`) verify it as it is.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
const prefix = 'whsec_';

/** A new signing secret: `whsec_` and 24 random bytes in base64. */
export function newWebhookSecret(): string {
  return prefix + randomBytes(24).toString('base64');
}

export interface SignedHeaders {
  readonly 'webhook-id': string;
  /** Seconds since 1970, when this attempt was made. */
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** Signs one attempt. Several secrets (while one is being rotated) give several signatures. */
export function signWebhook(id: string, atSeconds: number, body: string, secrets: readonly string[]): SignedHeaders {
  const signed = `${id}.${atSeconds}.${body}`;
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, 'base64');
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(atSeconds), 'webhook-signature': signatures.join(' ') };
}
