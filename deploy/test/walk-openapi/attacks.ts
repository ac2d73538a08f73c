import { validates } from './conforms.ts';
import type { Operation, Schema } from './document.ts';
import { type AttackRequest, collectionAt, fill, goodBody, goodRequest, hintsFrom, withQuery } from './good-request.ts';
import { oddInstants, spoil } from './spoil.ts';
import { absentId, type World } from './world.ts';

export interface Attack {
  readonly name: string;
  readonly request: AttackRequest;
  /** Statuses that are right; no other is. */
  readonly expect: readonly number[];
  /** Attacks of one group are answered with one code, or the difference tells what is not the caller's to know. */
  readonly group?: string;
}

/** Every way we know to ask for this operation wrongly. Each is a good request with one thing wrong. */
export function* attacksOn(operation: Operation, world: World): Generator<Attack> {
  const good = goodRequest(operation, world);
  yield* withoutKey(operation, good, world);
  yield* withOtherIds(operation, world, good);
  yield* withOtherQuery(operation, world, good);
  yield* withOtherBody(operation, world, good);
  yield* withOtherHeaders(operation, good);
  yield { name: 'another method', request: { ...good, method: 'PROPFIND' }, expect: [405] };
}

function* withoutKey(operation: Operation, good: AttackRequest, { keys }: World): Generator<Attack> {
  if (operation.public) return;
  const as = (authorization: string | undefined) => {
    const { authorization: _, ...headers } = good.headers;
    return { ...good, headers: authorization === undefined ? headers : { ...headers, authorization } };
  };
  yield { name: 'no key', request: as(undefined), expect: [401] };
  for (const header of [
    `Basic ${keys.full}`,
    'Bearer',
    'Bearer nonsense',
    `Bearer ${keys.full}x`,
    `Bearer ${twisted(keys.full)}`,
  ]) {
    yield { name: `the header ${header.slice(0, 16)}…`, request: as(header), expect: [401] };
  }
  yield { name: 'a key without the scope', request: as(`Bearer ${keys.narrow}`), expect: [403] };
  if (!operation.publishable) {
    yield { name: 'a publishable key', request: as(`Bearer ${keys.publishable}`), expect: [403] };
  }
  if (operation.path.includes('{')) {
    yield { name: 'a key of the other mode', request: as(`Bearer ${keys.otherMode}`), expect: [404] };
  }
}

/** The last character is another one. */
function twisted(key: string): string {
  return key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
}

function* withOtherIds(operation: Operation, { own, foreign }: World, good: AttackRequest): Generator<Attack> {
  const query = good.target.includes('?') ? good.target.slice(good.target.indexOf('?')) : '';
  const collections = operation.path
    .split('/')
    .flatMap((step, index, steps) => (step.startsWith('{') ? [collectionAt(steps, index)] : []));
  for (const collection of collections) {
    const ask = (id: string) => ({ ...good, target: fill(operation.path, own, { [collection]: id }) + query });
    const id = own[collection]!;
    yield { name: `an absent id of ${collection}`, request: ask(absentId(id)), expect: [404] };
    yield { name: `another organization's id of ${collection}`, request: ask(foreign[collection]!), expect: [404] };
    for (const other of ['nonsense', `${id}0`, id.toUpperCase(), '%F0%9F%92%A5', "'--", '..%2F..', '-1']) {
      yield { name: `the id ${other} of ${collection}`, request: ask(other), expect: [404] };
    }
    for (const other of ['%00', '%zz', '%ff']) {
      yield { name: `the id ${other} of ${collection}`, request: ask(other), expect: [400] };
    }
    yield { name: `an endless id of ${collection}`, request: ask('a'.repeat(500)), expect: [414] };
  }
}

function* withOtherQuery(operation: Operation, { own, foreign }: World, good: AttackRequest): Generator<Attack> {
  const [ours, theirs] = [hintsFrom(own), hintsFrom(foreign)];
  const ask = (name: string, ...values: string[]) => {
    const [path = '', query = ''] = good.target.split('?');
    const kept = [...new URLSearchParams(query)].filter(([other]) => other !== name);
    return { ...good, target: withQuery(path, [...kept, ...values.map((value) => [name, value] as const)]) };
  };
  yield { name: 'an unknown query parameter', request: ask('nonsense', '1'), expect: [400] };
  for (const { name, required, schema } of operation.query) {
    if (required) yield { name: `no ?${name}`, request: ask(name), expect: [400] };
    if (required && /_ids?$/.test(name) && name in ours) {
      for (const id of [absentId(String(ours[name])), String(theirs[name])]) {
        yield { name: `?${name}=${id}`, request: ask(name, id), expect: [404] };
      }
    }
    if (schema.type !== 'array') yield { name: `?${name} twice`, request: ask(name, 'a', 'b'), expect: [400] };
    if (hasInstants(schema)) {
      for (const text of oddInstants) yield { name: `?${name}=${text}`, request: ask(name, text), expect: [400] };
    }
    yield { name: `?${name} with a NUL`, request: ask(name, 'a\0b'), expect: [400] };
    for (const value of ['', 'nonsense', '-1', '1.5', '9'.repeat(30), 'a'.repeat(3_000)]) {
      if (validates(schema, value, 'querystring')) continue;
      yield { name: `?${name}=${value.slice(0, 20)}`, request: ask(name, value), expect: [400] };
    }
  }
}

function hasInstants({ format, anyOf = [] }: Schema): boolean {
  return format === 'date-time' || anyOf.some(hasInstants);
}

function* withOtherBody(operation: Operation, world: World, good: AttackRequest): Generator<Attack> {
  if (operation.method === 'GET') return;
  const send = (body: string, type = 'application/json') => ({
    ...good,
    body,
    headers: { ...good.headers, 'content-type': type },
  });
  yield { name: 'a body that is not JSON', request: send('{"a":'), expect: [400] };
  yield { name: 'a body for prototypes', request: send('{"__proto__":{"a":1}}'), expect: [400] };
  yield { name: 'a body without an end', request: send(`{"a":${'['.repeat(500)}${']'.repeat(500)}}`), expect: [400] };
  yield { name: 'a form', request: send('a=1', 'application/x-www-form-urlencoded'), expect: [415] };
  yield { name: 'text', request: send('{}', 'text/plain'), expect: [415] };
  yield { name: 'too much of a body', request: send(`{"a":"${'a'.repeat(300_000)}"}`), expect: [413] };
  yield { name: 'a field that nobody knows', request: send('{"nonsense":1}'), expect: [400] };
  if (!operation.body) return;
  yield* withSpoiledBody(operation, world, send);
  yield* withOtherIdsInside(operation, world, send);
}

function* withSpoiledBody(
  operation: Operation,
  world: World,
  send: (body: string) => AttackRequest,
): Generator<Attack> {
  const schema = operation.body!;
  for (const { name, value, unbearable } of spoil(schema, goodBody(operation, world), hintsFrom(world.own))) {
    if (value === null && operation.method === 'DELETE') continue;
    if (!unbearable && validates(schema, value, 'body')) continue;
    yield { name: `the body${name}`, request: send(JSON.stringify(value)), expect: [400] };
  }
}

/** Ids in a body that are of the right kind and not the caller's to use. */
function* withOtherIdsInside(
  operation: Operation,
  world: World,
  send: (body: string) => AttackRequest,
): Generator<Attack> {
  const [own, foreign] = [hintsFrom(world.own), hintsFrom(world.foreign)];
  const good = goodBody(operation, world) as Record<string, unknown>;
  for (const name of Object.keys(operation.body!.properties ?? {})) {
    if (!name.endsWith('_id') || !(name in own)) continue;
    for (const id of [absentId(String(own[name])), foreign[name]]) {
      const request = send(JSON.stringify({ ...good, [name]: id }));
      yield { name: `${name} is ${id}`, request, expect: [404, 400, 422], group: name };
    }
  }
}

/** The walk's booking is not in a state in which it could be changed that way, whatever its ETag. */
const ofAnotherState = new Set(['confirmBooking', 'declineBooking', 'markBookingNoShow', 'leaveSeat']);

function* withOtherHeaders(operation: Operation, good: AttackRequest): Generator<Attack> {
  const send = (name: string, value: string) => ({ ...good, headers: { ...good.headers, [name]: value } });
  if (operation.method === 'GET') {
    for (const value of ['nonsense', '-1', '9'.repeat(30)]) {
      yield { name: `position ${value}`, request: send('agentcal-min-position', value), expect: [400] };
    }
    return;
  }
  if (operation.ifMatch && !ofAnotherState.has(operation.id)) {
    yield { name: 'an ETag of something else', request: send('if-match', '"999999999"'), expect: [412] };
  }
  for (const value of ['a b', 'a'.repeat(256)]) {
    yield { name: `idempotency key ${value.slice(0, 9)}`, request: send('idempotency-key', value), expect: [400] };
  }
}
