import type { Operation } from './document.ts';
import { type Hints, sample } from './sample.ts';
import type { World } from './world.ts';

/** What is sent. */
export interface AttackRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request that would be answered with what was asked for. */
export function goodRequest(operation: Operation, world: World): AttackRequest {
  const { keys, own } = world;
  const body = operation.body && JSON.stringify(goodBody(operation, world));
  const required = operation.query.filter((parameter) => parameter.required);
  const query = required.map(({ name, schema }) => [name, String(sample(schema, hintsFrom(own), name))]);
  return {
    method: operation.method,
    target: withQuery(fill(operation.path, own), query as [string, string][]),
    headers: {
      ...(!operation.public && { authorization: `Bearer ${keys.full}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  };
}

export function goodBody({ id, body }: Operation, { own, bodies }: World): unknown {
  return bodies[id] ?? sample(body!, hintsFrom(own));
}

/** By the names that fields and parameters have for them: `user_id`, `user_ids`. */
export function hintsFrom(ids: World['own']): Hints {
  const named = Object.entries(ids).flatMap(([collection, id]) => {
    const name = `${collection.replaceAll('-', '_').replace(/s$/, '')}_id`;
    return [
      [name, id],
      [`${name}s`, id],
    ];
  });
  return { ...Object.fromEntries(named), timezone: 'Europe/Berlin' };
}

/** Puts ids into the path, each by the collection that it follows. */
export function fill(path: string, ids: World['own'], instead: Readonly<Record<string, string>> = {}): string {
  const steps = path.split('/');
  return steps
    .map((step, index) => {
      if (!step.startsWith('{')) return step;
      const collection = collectionAt(steps, index);
      const id = instead[collection] ?? ids[collection];
      if (id === undefined) throw new Error(`the walk has no id of ${collection}: make one in its world`);
      return id;
    })
    .join('/');
}

/** By what its step is looked up: a collection before it, or what a link is for. */
export function collectionAt(steps: readonly string[], index: number): string {
  if (steps[index] !== '{token}') return steps[index - 1]!;
  return steps[index + 1] === 'cancel' ? 'cancel-links' : 'reschedule-links';
}

export function withQuery(target: string, query: readonly (readonly [string, string])[]): string {
  return query.length === 0 ? target : `${target}?${new URLSearchParams(query.map(([name, value]) => [name, value]))}`;
}
