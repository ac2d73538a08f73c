import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { idPattern } from '../kernel/ids.ts';
import { Refusal } from '../kernel/refusal.ts';

/** What lives below an account and can be reached without it in the path, given `X-Account-ID`. */
const collections = [
  'schedule',
  'users',
  'event-types',
  'availability',
  'bookings',
  'holds',
  'series',
  'sequences',
  'connections',
  'free-busy',
  'erasures',
].join('|');

const shortPath = new RegExp(`^/v1/(?:${collections})(?=[/?#]|$)`);
const accountId = new RegExp(idPattern('account'));

/** `/v1/bookings` with `X-Account-ID: acct_…` is `/v1/accounts/acct_…/bookings`. Everything else stays. */
export function rewriteShortPath({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): string {
  const account = headers['x-account-id'];
  if (typeof account !== 'string' || !accountId.test(account) || !shortPath.test(url)) return url;
  return `/v1/accounts/${account}${url.slice('/v1'.length)}`;
}

/** Two accounts in one request: whichever is meant, the other is a mistake. @throws {Refusal} */
export function requireOneAccount({ params, headers }: Pick<FastifyRequest, 'params' | 'headers'>): void {
  const { account_id: inPath } = (params ?? {}) as { account_id?: string };
  const inHeader = headers['x-account-id'];
  if (inPath === undefined || inHeader === undefined || inHeader === inPath) return;
  const fault = { pointer: '/headers/x-account-id', detail: 'must be the account of the path, or be left out' };
  throw new Refusal('invalid_request', `${fault.pointer} ${fault.detail}`, { errors: [fault] });
}

/** Why a short path matched no route: its header is missing, or names no account. */
export function missingAccount({ url, headers }: Pick<FastifyRequest, 'url' | 'headers'>): Refusal | undefined {
  if (!shortPath.test(url)) return undefined;
  const present = headers['x-account-id'] !== undefined;
  const fault = {
    pointer: '/headers/x-account-id',
    detail: present ? 'must be the id of an account (acct_…)' : 'is required on this path',
  };
  const detail = `A path without the account needs the X-Account-ID header: it ${fault.detail}`;
  return new Refusal('invalid_request', detail, { errors: [fault] });
}
