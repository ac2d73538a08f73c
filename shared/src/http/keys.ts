import { hash, randomBytes } from 'node:crypto';
import { base32, bodyLength, bodyOf, prefixes, type RandomBytes } from '../kernel/ids.ts';

/**
 * API keys: `sk_test_` or `sk_live_` (secret), `pk_test_` or `pk_live_` (publishable), then the body of the
 * organization's id, then 160 random bits. So a key names its organization, and nobody looks it up in a directory.
 */
export interface KeyParts {
  readonly kind: 'secret' | 'publishable';
  readonly livemode: boolean;
  readonly organizationId: string;
}

const secretLength = 32;
const shape = new RegExp(
  `^(sk|pk)_(test|live)_([0-9a-hjkmnp-tv-z]{${bodyLength}})[0-9a-hjkmnp-tv-z]{${secretLength}}$`,
);

export function newKey({ kind, livemode, organizationId }: KeyParts, random: RandomBytes = randomBytes): string {
  const marks = `${kind === 'secret' ? 'sk' : 'pk'}_${livemode ? 'live' : 'test'}`;
  return `${marks}_${bodyOf(organizationId)}${base32(random((secretLength * 5) / 8))}`;
}

/** What a key says about itself. Whether it was ever issued is for the organization to know. */
export function parseKey(key: string): KeyParts | undefined {
  const match = shape.exec(key);
  if (!match) return undefined;
  const [, kind, mode, body] = match;
  return {
    kind: kind === 'sk' ? 'secret' : 'publishable',
    livemode: mode === 'live',
    organizationId: `${prefixes.organization}_${body}`,
  };
}

/** Hex SHA-256: all that is stored of a secret key. It has 160 random bits, so nothing slower is needed. */
export function hashKey(key: string): string {
  return hash('sha256', key);
}

/** Enough to tell keys apart by, not enough to use one: `sk_test_…7xq2`. */
export function hintOf(key: string): string {
  return `${key.slice(0, key.lastIndexOf('_') + 1)}…${key.slice(-4)}`;
}
