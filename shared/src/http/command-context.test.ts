import t from 'tap';
import { fakeClock } from '../testing/clock.ts';
import { type CommandRequest, commandContext, fingerprint } from './command-context.ts';
import type { Principal } from './principal.ts';

const clock = fakeClock('2026-11-24T14:00:00Z');
const principal: Principal = {
  organizationId: 'org_1',
  keyId: 'key_1',
  kind: 'secret',
  livemode: false,
  scopes: new Set(),
};
const request: CommandRequest = {
  id: 'req_1',
  method: 'POST',
  url: '/v1/accounts/acct_1/bookings',
  headers: { 'idempotency-key': 'k1' },
  params: { account_id: 'acct_1' },
  body: { a: 1, b: { c: [1, 2], d: null } },
  principal,
};

t.test('tells who, what, when and where', async (t) => {
  const context = commandContext(request, clock);
  t.match(context, {
    organizationId: 'org_1',
    accountId: 'acct_1',
    livemode: false,
    actor: { kind: 'key', id: 'key_1' },
    correlationId: context.commandId,
    requestId: 'req_1',
    at: clock.now(),
  });
  t.notOk('accountId' in commandContext({ ...request, params: {} }, clock));
});

t.test('a repeat is the same command; another key, organization or mode is not', async (t) => {
  const id = (change: Partial<CommandRequest> = {}) => commandContext({ ...request, ...change }, clock).commandId;
  t.equal(id(), id());
  const others = [
    id({ headers: { 'idempotency-key': 'k2' } }),
    id({ principal: { ...principal, organizationId: 'org_2' } }),
    id({ principal: { ...principal, livemode: true } }),
    id({ headers: {} }),
    id({ headers: {} }),
  ];
  t.equal(new Set([id(), ...others]).size, 6);
});

t.test('the fingerprint is of what is asked, not of how it is written', async (t) => {
  t.equal(fingerprint(request), fingerprint({ ...request, body: { b: { d: null, c: [1, 2] }, a: 1 } }));
  t.equal(fingerprint(request), fingerprint({ ...request, url: `${request.url}?x=1` }));
  const others = [
    { ...request, method: 'PATCH' },
    { ...request, url: '/v1/accounts/acct_2/bookings' },
    { ...request, body: { a: '1', b: { c: [1, 2], d: null } } },
    { ...request, body: { a: 1, b: { c: [2, 1], d: null } } },
    { ...request, body: { a: 1, b: { c: [1, 2] } } },
    { ...request, body: undefined },
    { ...request, body: null },
  ].map(fingerprint);
  t.equal(new Set([fingerprint(request), ...others]).size, others.length + 1);
});

t.test('an idempotency key is visible ASCII of bounded length', async (t) => {
  for (const key of ['a', 'a'.repeat(255), '!~']) {
    t.ok(commandContext({ ...request, headers: { 'idempotency-key': key } }, clock));
  }
  for (const key of ['', 'a b', 'ä', 'a'.repeat(256), 'a\t', ['a', 'b']]) {
    const headers = { 'idempotency-key': key };
    t.throws(() => commandContext({ ...request, headers }, clock), { code: 'invalid_request' }, String(key));
  }
});
