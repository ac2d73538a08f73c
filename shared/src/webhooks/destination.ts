import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import ipaddr from 'ipaddr.js';

/**
 * Where a webhook may be sent. A customer names the URL, and our servers call it: so it must not reach
 * into private networks, neither by its text nor by what its name resolves to at the moment of the call.
 */
export interface DestinationPolicy {
  /** For trials and tests on one machine: plain http to loopback addresses is allowed as well. */
  readonly allowLoopback: boolean;
}

/** Why a URL cannot receive webhooks; `undefined` where nothing in its text speaks against it. */
export function objectionTo(url: string, policy: DestinationPolicy): string | undefined {
  if (!URL.canParse(url)) return 'it is not a URL';
  const { protocol, hostname: host, username, password, hash } = new URL(url);
  // A dot at the end makes a name absolute, and no other name.
  const hostname = host.replace(/\.$/, '');
  if (username !== '' || password !== '') return 'it holds a user name or password';
  if (hash !== '') return 'it holds a fragment';
  const address = addressIn(hostname);
  const local = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (policy.allowLoopback && (local || (address && isLoopback(address)))) {
    return protocol === 'http:' || protocol === 'https:' ? undefined : 'it is not https';
  }
  if (protocol !== 'https:') return 'it is not https';
  if (local || hostname.endsWith('.local') || hostname.endsWith('.internal')) return 'its host is not public';
  if (address && !isPublic(address)) return 'its address is not public';
  return undefined;
}

/** The URL as it is called, so that what is kept and shown is what was judged. Only of one that nothing speaks against. */
export function calledAs(url: string): string {
  return new URL(url).href;
}

/** What the internet has given out of IPv6. The rest is reserved, or holds addresses of IPv4 in some old way. */
const global: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/** Whether an address is one of the public internet: no private, link-local, loopback, shared, mapped or reserved range. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(global));
}

function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

/** The address that a URL's host is, if it is one: `[::1]` has brackets there. */
function addressIn(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return ipaddr.isValid(bare) ? bare : undefined;
}

export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

type LookupCallback = (error: Error | null, addresses: LookupAddress[] | string, family?: number) => void;

/**
 * A `lookup` for sockets that answers only addresses which the policy allows. The socket connects to
 * what was checked here, so a name that resolves differently a moment later changes nothing.
 */
export function guardedLookup(policy: DestinationPolicy, resolve: typeof lookup = lookup) {
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const addresses = [found].flat() as LookupAddress[];
      const refused = addresses.find(
        ({ address }) => !isPublic(address) && !(policy.allowLoopback && isLoopback(address)),
      );
      if (refused || addresses.length === 0)
        return callback(new AddressRefused('the host resolves to an address that is not public'), []);
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
