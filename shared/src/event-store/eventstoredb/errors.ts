import type { ErrorType } from '@eventstore/db-client';

/**
 * What an error of the client means.
 *
 * - `unavailable`: no answer; whether an append was written is unknown
 * - `denied`: the server answers, and lets us do nothing
 * - `not_leader`: refused by a node that knows the leader; the client goes there by itself next
 * - `wrong_revision`, `no_stream`: the server's verdict on an append, on a read
 * - `fault`: a bug of ours, or a limit of the server's: trying again changes nothing
 */
export type Meaning = 'unavailable' | 'denied' | 'not_leader' | 'wrong_revision' | 'no_stream' | 'fault';

/** By the `type` of the client's own errors. The compiler holds the list complete. */
const meanings: Readonly<Record<`${ErrorType}`, Meaning>> = {
  timeout: 'unavailable',
  'deadline-exceeded': 'unavailable',
  unavailable: 'unavailable',
  cancelled: 'unavailable',
  unknown: 'unavailable',
  'access-denied': 'denied',
  'not-leader': 'not_leader',
  'wrong-expected-version': 'wrong_revision',
  'stream-not-found': 'no_stream',
  'no-stream': 'no_stream',
  'not-found': 'fault',
  'stream-deleted': 'fault',
  'invalid-argument': 'fault',
  'invalid-transaction': 'fault',
  'maximum-append-size-exceeded': 'fault',
  'missing-required-metadata-property': 'fault',
  unsupported: 'fault',
  'scavenge-not-found': 'fault',
  'user-not-found': 'fault',
  'user-conflict': 'fault',
  'persistent-subscription-failed': 'fault',
  'persistent-subscription-does-not-exist': 'fault',
  'persistent-subscription-exists': 'fault',
  'persistent-subscription-dropped': 'fault',
  'maximum-subscribers-reached': 'fault',
};

/** gRPC codes that decide by themselves: INVALID_ARGUMENT, PERMISSION_DENIED, OUT_OF_RANGE, UNIMPLEMENTED. */
const codes = new Map<unknown, Meaning>([
  [3, 'fault'],
  [7, 'denied'],
  [11, 'fault'],
  [12, 'fault'],
]);

/**
 * The client wraps only some errors: from a dead server comes a plain gRPC error (a `code` and no
 * `type`), from the transport one with a Node code (a string), from a failed discovery a plain `Error`.
 */
export function meaningOf(error: unknown): Meaning {
  const { type = 'unknown', code, message } = error as { type?: string; code?: unknown; message?: string };
  if (type !== 'unknown') return meanings[type as `${ErrorType}`] ?? 'fault';
  const byCode = codes.get(code);
  if (byCode) return byCode;
  const fromServer = code !== undefined || 'type' in (error as object);
  return fromServer || message?.startsWith('Failed to discover') ? 'unavailable' : 'fault';
}
