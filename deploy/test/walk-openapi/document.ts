/** A JSON Schema as far as the API's own schemas use it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly minProperties?: number;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With `{parameters}`, as the document has it. */
  readonly path: string;
  readonly public: boolean;
  readonly publishable: boolean;
  readonly scope: string | undefined;
  /** It says that it hears `If-Match`. */
  readonly ifMatch: boolean;
  readonly query: readonly Parameter[];
  readonly body: Schema | undefined;
}

export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
}

interface Described {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly 'x-scope'?: string;
  readonly parameters?: readonly (Parameter & { readonly in?: string; readonly $ref?: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Every operation of the document, with references resolved. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      public: operation.security.length === 0,
      publishable: operation.security.some((way) => 'publishable_key' in way),
      scope: operation['x-scope'],
      ifMatch: (operation.parameters ?? []).some(({ $ref }) => $ref === '#/components/parameters/IfMatch'),
      query: (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'query')
        .map(({ name, required = false, schema }) => ({ name, required, schema: resolved(document, schema) })),
      body: bodyOf(document, operation),
    })),
  );
}

function bodyOf(document: Document, { requestBody }: Described): Schema | undefined {
  const schema = requestBody?.content['application/json']?.schema;
  return schema && resolved(document, schema);
}

function resolved<T>(document: Document, value: T): T {
  if (Array.isArray(value)) return value.map((item) => resolved(document, item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) {
    const name = String(value.$ref).slice('#/components/schemas/'.length);
    return resolved(document, document.components.schemas[name]) as T;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(document, item)])) as T;
}
