import type { FastifySchemaValidationError } from 'fastify';

/** Ajv's error with `verbose`: the schema that was broken comes with it. */
export interface SchemaError extends FastifySchemaValidationError {
  readonly schema?: unknown;
  readonly parentSchema?: Record<string, unknown>;
}

/**
 * A value that fits no branch of a union fails once per branch and once for the union, and most of that is
 * noise. What remains: the faults of the branch that was meant; where the field that tells branches apart
 * fits none, all that it may be; where not even the type fits one, the union alone.
 */
export function withoutNoise(errors: readonly SchemaError[]): SchemaError[] {
  let told = [...errors];
  // Ajv reports a union after its branches, so an outer one comes last.
  for (const union of errors.filter(isUnion).reverse()) {
    if (!told.includes(union)) continue;
    const branches = branchesOf(union, told);
    const noise = new Set([union, ...branches.flat()]);
    told = [...told.filter((error) => !noise.has(error)), ...meant(union, branches)];
  }
  return told;
}

function meant(union: SchemaError, branches: readonly SchemaError[][]): readonly SchemaError[] {
  const applicable = branches.filter((errors) => !errors.some((error) => isElsewhere(error, union)));
  const tellers = applicable.map((errors) => new Set(errors.filter(isValue).map(({ instancePath }) => instancePath)));
  const teller = [...(tellers[0] ?? [])].find((path) => tellers.every((paths) => paths.has(path)));
  if (applicable.length > 1 && teller !== undefined) return [choice(teller, applicable.flat())];
  const [best] = applicable.toSorted((a, b) => score(a) - score(b));
  return best ?? [union];
}

/** One fault that names every value which any branch has at that place. */
function choice(instancePath: string, errors: readonly SchemaError[]): SchemaError {
  const values = errors.filter((error) => isValue(error) && error.instancePath === instancePath);
  const schema = values.flatMap((error) => (error.keyword === 'const' ? [error.schema] : (error.schema as unknown[])));
  return { keyword: 'enum', instancePath, schemaPath: '', params: {}, schema: [...new Set(schema)] };
}

/** Fewer wrong values first, then fewer faults. */
function score(errors: readonly SchemaError[]): number {
  return errors.filter(isValue).length * 1_000 + errors.length;
}

function branchesOf({ schemaPath }: SchemaError, errors: readonly SchemaError[]): SchemaError[][] {
  const inside = errors.filter((error) => error.schemaPath.startsWith(`${schemaPath}/`));
  const byBranch = Object.groupBy(inside, (error) => error.schemaPath.slice(schemaPath.length + 1).split('/')[0]!);
  return Object.values(byBranch).filter((branch) => branch !== undefined);
}

/** The branch is about another type of value altogether. */
function isElsewhere({ keyword, instancePath }: SchemaError, union: SchemaError): boolean {
  return ['type', 'const', 'enum'].includes(keyword) && instancePath === union.instancePath;
}

function isValue({ keyword }: SchemaError): boolean {
  return keyword === 'const' || keyword === 'enum';
}

function isUnion({ keyword }: SchemaError): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf';
}
