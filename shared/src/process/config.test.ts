import { readFile } from 'node:fs/promises';
import t from 'tap';
import { describeConfig, readConfig, requireEngines } from './config.ts';
import { describeSettings, referencePage } from './reference.ts';

const vaultKey = Buffer.alloc(32, 7).toString('base64');

t.test('an empty environment is enough', async (t) => {
  t.match(readConfig({}), {
    host: '127.0.0.1',
    port: 3000,
    publicUrl: undefined,
    databaseUrl: undefined,
    rateLimitPerKey: 6000,
    trustProxy: false,
  });
  t.equal(readConfig({ PORT: '' }).port, 3000, 'and an empty variable is as none');
});

t.test('variables are read into what the program uses', async (t) => {
  const config = readConfig({
    PORT: '0',
    AGENTCAL_VAULT_KEY: vaultKey,
    AGENTCAL_VAULT_OLD_KEYS: `1:${vaultKey},2:${vaultKey}`,
    ALLOWED_ORIGINS: 'https://a.example,https://b.example',
    TRUST_PROXY: 'true',
  });
  t.equal(config.port, 0);
  t.same(config.vaultKey, Buffer.alloc(32, 7));
  t.same([...config.vaultOldKeys.keys()], [1, 2]);
  t.same(config.allowedOrigins, ['https://a.example', 'https://b.example']);
  t.equal(config.trustProxy, true);
});

t.test('what is wrong stops the start, all of it at once, in sentences', async (t) => {
  const env = { PORT: 'eighty', DATABASE_URL: 'mysql://root:hunter2@db', LOG_LEVEL: 'loud' };
  t.throws(() => readConfig(env), {
    name: 'StartRefused',
    message: [
      'PORT is "eighty": it has to be a port from 0 to 65535. Correct it, or leave it out for 3000.',
      'DATABASE_URL is not right: it has to be of the form postgres://user:password@host:5432/database. Correct it, or leave it out.',
      'LOG_LEVEL is "loud": it has to be one of trace, debug, info, warn, error, fatal, silent. Correct it, or leave it out.',
    ].join('\n'),
  });
});

for (const [variable, wrong] of [
  ['PORT', '70000'],
  ['PORT', '30.5'],
  ['PORT', '-1'],
  ['HOST', 'two words'],
  ['DATABASE_POOL_SIZE', '1'],
  ['EVENTSTORE_URL', 'http://eventstore'],
  ['NATS_URL', 'localhost:4222'],
  ['AGENTCAL_VAULT_KEY', 'short'],
  ['AGENTCAL_VAULT_OLD_KEYS', vaultKey],
  ['ALLOWED_ORIGINS', 'https://a.example/path'],
  ['RATE_LIMIT_PER_MINUTE', '0'],
  ['PUBLIC_URL', 'https://a.example/'],
  ['PUBLIC_URL', 'a.example'],
] as const) {
  t.test(`${variable}=${wrong} is refused`, async (t) => {
    t.throws(() => readConfig({ [variable]: wrong }), { message: new RegExp(`^${variable} is `) });
  });
}

t.test('a service needs engines that it cannot embed', async (t) => {
  t.throws(() => requireEngines(readConfig({})), /DATABASE_URL is not set.*\n.*AGENTCAL_VAULT_KEY is not set/);
  const env = { DATABASE_URL: 'postgres://u:p@db/x', AGENTCAL_VAULT_KEY: vaultKey };
  t.equal(requireEngines(readConfig(env)).databaseUrl, env.DATABASE_URL);
});

t.test('is shown with secrets masked', async (t) => {
  const env = { DATABASE_URL: 'postgres://user:hunter2@db:5432/agentcal', AGENTCAL_VAULT_KEY: vaultKey, PORT: '1' };
  const shown = describeConfig(env);
  t.match(shown, {
    DATABASE_URL: 'postgres://***@db:5432/agentcal',
    AGENTCAL_VAULT_KEY: '***',
    PORT: '1',
    HOST: '127.0.0.1',
  });
  t.notMatch(JSON.stringify(shown), /hunter2/);
});

t.test('the reference page is the table', async (t) => {
  t.equal(await readFile(referencePage, 'utf8'), describeSettings(), 'else: node shared/src/process/reference.ts');
});
