import type { SerializerFactory } from '@fastify/fast-json-stringify-compiler';
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';

const factory = SerializerSelector();

/** Fastify's own serializers, each compiled when its first answer is sent: see `validation.ts`. */
export const buildSerializer: SerializerFactory = (externalSchemas, options) => {
  const compile = factory(externalSchemas, options);
  return (route) => {
    let serialize: ReturnType<typeof compile> | undefined;
    return (data) => {
      serialize ??= compile(route);
      return serialize(data);
    };
  };
};
