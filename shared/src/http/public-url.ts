import type { Server } from 'node:http';
import type { Config } from '../process/config.ts';

/** Where people reach the product from outside, without a slash at the end: as configured, or else where it listens. */
export function publicUrlOf(
  { publicUrl, host, port }: Pick<Config, 'publicUrl' | 'host' | 'port'>,
  server: Pick<Server, 'address'>,
): () => string {
  return () => {
    if (publicUrl !== undefined) return publicUrl;
    const address = server.address();
    const listens = typeof address === 'object' && address !== null ? address.port : port;
    const isLocal = /^(127\.0\.0\.1|0\.0\.0\.0|::1?|localhost)$/.test(host);
    return `http://${isLocal ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${listens}`;
  };
}
