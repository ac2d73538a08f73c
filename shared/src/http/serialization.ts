import type { SerializerFactory } from '@fastify/fast-json-stringify-compiler';
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';

const factory = SerializerSelector();

type Serialize = ReturnType<ReturnType<SerializerFactory>>;

const made = new WeakMap<object, Serialize>();

/**
 * Fastify's own serializers, each compiled when its first answer is sent: see `validation.ts`. Schemas are constants of their
 * modules and refer to nothing outside themselves, so a second server of a process finds its serializers made.
 */
export const buildSerializer: SerializerFactory = (externalSchemas, options) => {
  const compile = factory(externalSchemas, options);
  return (route) => {
    const schema = route.schema as object;
    return (data) => {
      const serialize = made.get(schema) ?? compile(route);
      made.set(schema, serialize);
      return serialize(data);
    };
  };
};
