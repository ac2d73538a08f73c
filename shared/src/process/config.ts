import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { StartRefused } from '../kernel/start-refused.ts';
import { type RawValue, type Setting, type SettingName, settings } from './settings.ts';

/** The configuration of one process, read once at its start. settings.ts says what each variable means. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
  readonly eventStoreUrl: string | undefined;
  readonly natsUrl: string | undefined;
  readonly dataDir: string;
  readonly vaultKey: Buffer | undefined;
  readonly vaultKeyVersion: number;
  readonly vaultOldKeys: ReadonlyMap<number, Buffer>;
  readonly allowedOrigins: readonly string[];
  readonly trustProxy: boolean | string;
  readonly rateLimitPerKey: number;
  readonly allowLocalWebhooks: boolean | undefined;
  readonly svixToken: string | undefined;
  readonly svixServerUrl: string | undefined;
  readonly logLevel: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {StartRefused} with a sentence for each variable that is not as it has to be. */
export function readConfig(env: Environment): Config {
  const faults: string[] = [];
  const read = <N extends SettingName>(name: N) => readSetting(settings[name], env, faults) as RawValue<N>;
  const config: Config = {
    host: read('host'),
    port: read('port'),
    publicUrl: read('publicUrl'),
    databaseUrl: read('databaseUrl'),
    databasePoolSize: read('databasePoolSize'),
    eventStoreUrl: read('eventStoreUrl'),
    natsUrl: read('natsUrl'),
    dataDir: resolve(read('dataDir')),
    vaultKey: fromBase64(read('vaultKey')),
    vaultKeyVersion: read('vaultKeyVersion'),
    vaultOldKeys: keysByVersion(read('vaultOldKeys')),
    allowedOrigins: read('allowedOrigins')?.split(',') ?? [],
    trustProxy: flagOrText(read('trustProxy')),
    rateLimitPerKey: read('rateLimitPerKey'),
    allowLocalWebhooks: flag(read('allowLocalWebhooks')),
    svixToken: read('svixToken'),
    svixServerUrl: read('svixServerUrl'),
    logLevel: read('logLevel'),
  };
  if (faults.length > 0) throw new StartRefused(faults.join('\n'));
  return config;
}

/** What a process needs that cannot embed its engines. @throws {StartRefused} */
export function requireEngines(config: Config): Config & { databaseUrl: string; vaultKey: Buffer } {
  const { databaseUrl, vaultKey } = config;
  const missing = (['databaseUrl', 'vaultKey'] as const).filter((name) => config[name] === undefined);
  if (databaseUrl !== undefined && vaultKey !== undefined) return { ...config, databaseUrl, vaultKey };
  throw new StartRefused(
    missing
      .map((name) => `${settings[name].variable} is not set. Set it: it has to be ${settings[name].must}.`)
      .join('\n'),
  );
}

/** By variable, for the log: what is secret is masked. */
export function describeConfig(env: Environment): Record<string, string> {
  const shown = Object.values(settings).flatMap(({ variable, secret, fallback }: Setting) => {
    const value = env[variable] || fallback;
    if (value === undefined) return [];
    return [[variable, secret && env[variable] ? mask(value) : value]];
  });
  return Object.fromEntries(shown);
}

// Without its schema of schemas, whose compilation would be most of the work.
const ajv = new Ajv({ coerceTypes: true, meta: false, validateSchema: false });

function readSetting(
  { variable, schema, must, fallback, secret }: Setting,
  env: Environment,
  faults: string[],
): unknown {
  const text = env[variable] || fallback;
  if (text === undefined) return undefined;
  const holder = { value: text };
  if (ajv.validate({ type: 'object', properties: { value: schema } }, holder)) return holder.value;
  const otherwise = fallback === undefined ? 'or leave it out' : `or leave it out for ${fallback}`;
  faults.push(
    `${variable} is ${secret ? 'not right' : JSON.stringify(text)}: it has to be ${must}. Correct it, ${otherwise}.`,
  );
  return undefined;
}

/** Of an address its host remains, of anything else nothing. */
function mask(secret: string): string {
  if (!URL.canParse(secret)) return '***';
  const { protocol, host, pathname } = new URL(secret);
  return `${protocol}//***@${host}${pathname}`;
}

function keysByVersion(text: string | undefined): Map<number, Buffer> {
  const pairs = text?.split(',').map((pair) => pair.split(':') as [string, string]) ?? [];
  return new Map(pairs.map(([version, key]) => [Number(version), Buffer.from(key, 'base64')]));
}

function fromBase64(text: string | undefined): Buffer | undefined {
  return text === undefined ? undefined : Buffer.from(text, 'base64');
}

function flagOrText(text: string | undefined): boolean | string {
  return text === 'true' || (text !== undefined && text !== 'false' && text);
}

function flag(text: 'true' | 'false' | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true';
}
