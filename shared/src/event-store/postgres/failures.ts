import { StoreUnavailable } from '../port.ts';

/** SQLSTATE classes in which the server is the trouble, not the statement: connection, resources, operator, system. */
const serverTrouble = ['08', '53', '57', '58'];
/** Also the server's: a standby that took no writes, a deadlock, a serialization failure, a lock not granted in time. */
const passing = ['25006', '40001', '40P01', '55P03'];
/** Connections that die without a word from the server; the driver has no code for these. */
const lost =
  /connection terminated|connection ended|timeout exceeded when trying to connect|query read timeout|not queryable/i;

/** What an error means to a caller of the store: unavailable, or the error as it is (a bug, then). */
export function asStoreError(error: unknown): unknown {
  return isUnavailable(error)
    ? new StoreUnavailable(`the event store does not answer: ${reasonOf(error)}`, { cause: error })
    : error;
}

/** Whether it may work when tried again. Where an append was under way, its outcome is unknown. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable); // One per address of the host.
  const code = codeOf(error);
  if (code === undefined) return lost.test(error.message);
  return serverTrouble.includes(code.slice(0, 2)) || passing.includes(code) || 'syscall' in error;
}

/** Whether the server hangs rather than being gone: trying again at once would only wait as long again. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && /timeout/i.test(error.message);
}

/** A statement that did not succeed because an event id stands somewhere already. */
export function isEventIdTaken(error: unknown): boolean {
  return (
    error instanceof Error &&
    codeOf(error) === '23505' &&
    'constraint' in error &&
    error.constraint === 'events_event_id_key'
  );
}

function reasonOf(error: unknown): string {
  return (error instanceof Error && codeOf(error)) || 'the connection was lost';
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
