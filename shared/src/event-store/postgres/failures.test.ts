import t from 'tap';
import { StoreUnavailable } from '../port.ts';
import { asStoreError, isTimeout } from './failures.ts';

const failing = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

const unavailable: readonly Error[] = [
  failing('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED', syscall: 'connect' }),
  failing('read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' }),
  failing('getaddrinfo ENOTFOUND db', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }),
  new AggregateError([failing('connect', { code: 'ECONNREFUSED', syscall: 'connect' })]),
  failing('Connection terminated unexpectedly'),
  failing('Connection terminated due to connection timeout'),
  failing('timeout exceeded when trying to connect'),
  failing('Query read timeout'),
  failing('Client has encountered a connection error and is not queryable'),
  failing('terminating connection due to administrator command', { code: '57P01' }),
  failing('the database system is starting up', { code: '57P03' }),
  failing('sorry, too many clients already', { code: '53300' }),
  failing('could not extend file: No space left on device', { code: '53100' }),
  failing('canceling statement due to lock timeout', { code: '55P03' }),
  failing('deadlock detected', { code: '40P01' }),
  failing('cannot execute INSERT in a read-only transaction', { code: '25006' }),
];

const bugs: readonly Error[] = [
  failing('syntax error at or near "selct"', { code: '42601' }),
  failing('invalid input syntax for type uuid', { code: '22P02' }),
  failing('duplicate key value violates unique constraint', { code: '23505' }),
  new TypeError('undefined is not a function'),
];

t.test('a server that is away or in trouble makes the store unavailable', async (t) => {
  for (const error of unavailable) {
    const told = asStoreError(error);
    t.ok(told instanceof StoreUnavailable, error.message);
    t.equal((told as Error).cause, error);
  }
});

t.test('any other error stays what it is', async (t) => {
  for (const error of bugs) t.equal(asStoreError(error), error);
  t.equal(asStoreError('thrown text'), 'thrown text');
});

t.test('a server that hangs is told from one that is gone', async (t) => {
  t.equal(isTimeout(failing('Query read timeout')), true);
  t.equal(isTimeout(failing('read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' })), false);
});
