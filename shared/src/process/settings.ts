import { type Static, type TSchema, Type } from 'typebox';

/**
 * Every environment variable of the product, and nowhere another. docs/reference/configuration.md is written
 * from this table. An empty variable counts as one that is not set.
 */
export const settings = {
  host: setting({
    variable: 'HOST',
    schema: Type.String({ pattern: '^\\S+$' }),
    must: 'an address of this machine',
    fallback: '127.0.0.1',
    about: 'Address to listen on. `0.0.0.0` lets other machines in.',
  }),
  port: setting({
    variable: 'PORT',
    schema: Type.Integer({ minimum: 0, maximum: 65_535 }),
    must: 'a port from 0 to 65535',
    fallback: '3000',
    about: 'Port to listen on. `0` takes one that is free.',
  }),
  publicUrl: setting({
    variable: 'PUBLIC_URL',
    schema: Type.String({ pattern: '^https?://[^\\s/?#]+(/[^\\s?#]*[^\\s?#/])?$' }),
    must: 'an address that begins with http:// or https://, without a slash at the end',
    about:
      'Where people reach the API from outside: links to cancel and move a booking begin with it. ' +
      'Default: HOST and PORT. Behind a gateway it has to be set, and the same for every service.',
  }),
  databaseUrl: setting({
    variable: 'DATABASE_URL',
    schema: Type.String({ pattern: '^postgres(ql)?://\\S+$' }),
    must: 'of the form postgres://user:password@host:5432/database',
    about:
      'Postgres for read models, vault and jobs, and for the log unless EVENTSTORE_URL is set. ' +
      'All-in-one: without it an embedded Postgres is started. Services: required.',
    secret: true,
  }),
  databasePoolSize: setting({
    variable: 'DATABASE_POOL_SIZE',
    schema: Type.Integer({ minimum: 4, maximum: 1_000 }),
    must: 'a number of connections from 4 to 1000',
    fallback: '16',
    about:
      'Connections to Postgres in the pool of one process, at most. Who follows the log (all-in-one, projection-service) ' +
      'opens up to 12 more: for jobs, webhooks and locks.',
  }),
  eventStoreUrl: setting({
    variable: 'EVENTSTORE_URL',
    schema: Type.String({ pattern: '^(esdb|kurrentdb)(\\+discover)?://\\S+$' }),
    must: 'of the form esdb://host:2113?tls=false',
    about: 'EventStoreDB or KurrentDB that holds the log. Default: schema `log` in Postgres.',
    secret: true,
  }),
  natsUrl: setting({
    variable: 'NATS_URL',
    schema: Type.String({ pattern: '^(nats|tls|ws|wss)://\\S+$' }),
    must: 'of the form nats://host:4222',
    about: 'NATS for wake-ups between processes. Default: within this process; others find out by polling.',
    secret: true,
  }),
  dataDir: setting({
    variable: 'AGENTCAL_DATA_DIR',
    schema: Type.String({ minLength: 1 }),
    must: 'a folder',
    fallback: '.agentcal',
    about:
      'All-in-one: folder for the embedded Postgres, the vault key and the first API keys. Kept between starts; back it up whole.',
  }),
  vaultKey: setting({
    variable: 'AGENTCAL_VAULT_KEY',
    schema: Type.String({ pattern: '^[A-Za-z0-9+/_-]{43}=?$' }),
    must: '32 random bytes in base64: openssl rand -base64 32',
    about:
      'Master key of the vault, which seals personal data: without it nothing sealed can be read again. ' +
      'All-in-one: made on first start and kept in the data folder. Services: required.',
    secret: true,
  }),
  vaultKeyVersion: setting({
    variable: 'AGENTCAL_VAULT_KEY_VERSION',
    schema: Type.Integer({ minimum: 1 }),
    must: 'a number from 1 on',
    fallback: '1',
    about: 'Counts master keys. A new key gets the next number.',
  }),
  vaultOldKeys: setting({
    variable: 'AGENTCAL_VAULT_OLD_KEYS',
    schema: Type.String({ pattern: '^\\d+:[A-Za-z0-9+/_-]{43}=?(,\\d+:[A-Za-z0-9+/_-]{43}=?)*$' }),
    must: 'of the form 1:key,2:key with keys in base64',
    about: 'Earlier master keys by their number, needed until everything is sealed under the new one.',
    secret: true,
  }),
  allowedOrigins: setting({
    variable: 'ALLOWED_ORIGINS',
    schema: Type.String({ pattern: '^https?://[^\\s/,]+(,https?://[^\\s/,]+)*$' }),
    must: 'origins such as https://app.example.com, separated by commas',
    about: 'Origins whose pages may read answers (CORS). Default: none.',
  }),
  trustProxy: setting({
    variable: 'TRUST_PROXY',
    schema: Type.String({ pattern: '^(true|false|[0-9a-fA-F.:/, a-z]+)$' }),
    must: 'true, false, or addresses of gateways separated by commas',
    fallback: 'false',
    about:
      'Whose `X-Forwarded-For` is believed. Set it behind a gateway, for limits per address. `true` believes whoever ' +
      'connects: only where nobody but the gateway can.',
  }),
  rateLimitPerKey: setting({
    variable: 'RATE_LIMIT_PER_MINUTE',
    schema: Type.Integer({ minimum: 1 }),
    must: 'a number of requests from 1 on',
    fallback: '6000',
    about: 'Requests that one API key may make in a minute, counted in each process.',
  }),
  allowLocalWebhooks: setting({
    variable: 'AGENTCAL_ALLOW_LOCAL_WEBHOOKS',
    schema: Type.Enum(['true', 'false']),
    must: 'true or false',
    about:
      'Whether webhooks may be sent to this machine itself, over plain http too: for trials. ' +
      'Default: `true` for all-in-one on the embedded database, else `false`.',
  }),
  svixToken: setting({
    variable: 'SVIX_TOKEN',
    schema: Type.String({ pattern: '^\\S+$' }),
    must: 'a token of the Svix API',
    about: 'Svix, which then signs, sends and retries webhooks. Default: the dispatcher that is built in.',
    secret: true,
  }),
  svixServerUrl: setting({
    variable: 'SVIX_SERVER_URL',
    schema: Type.String({ pattern: '^https?://\\S+$' }),
    must: 'an address that begins with http:// or https://',
    about: "A Svix server of one's own. Without SVIX_TOKEN it is not used. Default: Svix's cloud.",
  }),
  logLevel: setting({
    variable: 'LOG_LEVEL',
    schema: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    must: 'one of trace, debug, info, warn, error, fatal, silent',
    about: 'How much is logged, as JSON lines. Default: `info` for services, `warn` for all-in-one.',
  }),
} as const;

export interface Setting<S extends TSchema = TSchema> {
  readonly variable: string;
  readonly schema: S;
  /** Completes "… has to be". */
  readonly must: string;
  /** As it would be written in the environment. */
  readonly fallback?: string;
  readonly about: string;
  /** Shown masked wherever the configuration is shown. */
  readonly secret?: boolean;
}

export type SettingName = keyof typeof settings;

/** A value as its schema has it; `undefined` where it is not set and has no fallback. */
export type RawValue<N extends SettingName> =
  | Static<(typeof settings)[N]['schema']>
  | ((typeof settings)[N] extends { fallback: string } ? never : undefined);

function setting<S extends TSchema, const R extends Omit<Setting, 'schema'>>(
  row: R & { schema: S },
): R & { schema: S } {
  return row;
}
