import t from 'tap';
import { findCycle, grouped, reachable } from './boundaries/graph.ts';
import {
  exportedAs,
  readOthers,
  readSources,
  readTestDependencies,
  readWorkspaces,
  type Source,
} from './boundaries/sources.ts';

/** Imports follow the data: each package may use those before it, and sync-service the contracts it serves. */
const mayUse: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  'command-service': ['shared'],
  'projection-service': ['shared', 'command-service'],
  'query-service': ['shared', 'command-service', 'projection-service'],
  'sync-service': ['shared', 'command-service'],
  deploy: ['shared', 'command-service', 'projection-service', 'query-service', 'sync-service'],
};

const workspaces = await readWorkspaces();
const sources = await readSources(workspaces);
const forTests = await readTestDependencies();
/** What is loaded with what; and what uses what in any way. */
const loading = new Map(sources.map(({ path, loads }) => [path, loads]));
const using = new Map(sources.map(({ path, files }) => [path, files]));
const packageOf = (path: string) => path.split('/')[0]!;
const isTest = ({ path }: Source) => path.endsWith('.test.ts');
const starters = (await readOthers()).join('\n');
const started = sources.filter((source) => isExported(source) || (!isTest(source) && starters.includes(source.path)));
/** What the product runs, as against what only tests do. */
const production = reachable(
  loading,
  started
    .filter(({ path }) => !path.startsWith('deploy/test') && !path.startsWith('deploy/bench'))
    .map(({ path }) => path),
);
const isProduction = ({ path }: Source) => production.has(path);
const list = (faults: readonly (readonly [Source, string])[]) => faults.map(([{ path }, fault]) => `${path}: ${fault}`);

t.ok(sources.length > 200, 'the sources were found');

t.test('a package imports another only in the allowed direction, and only what it exports', async (t) => {
  const faults = sources.flatMap((source) => {
    const from = packageOf(source.path);
    return source.specifiers.flatMap((specifier): [Source, string][] => {
      if (!specifier.startsWith('@agentcal/')) return [];
      const other = workspaces.find(({ name }) => specifier.startsWith(`${name}/`));
      if (!other) return [[source, `${specifier} is no package`]];
      if (!mayUse[from]?.includes(other.folder)) return [[source, `${specifier} is against the direction`]];
      return exportedAs(other, specifier) ? [] : [[source, `${specifier} is not exported`]];
    });
  });
  t.same(list(faults), []);
});

t.test('no import leaves its package by a path', async (t) => {
  const faults = sources.flatMap((source) =>
    source.specifiers
      .filter((specifier) => specifier.startsWith('.'))
      .filter((specifier) => {
        const { pathname } = new URL(specifier, `file:///${source.path}`);
        return packageOf(pathname.slice(1)) !== packageOf(source.path);
      })
      .map((specifier): [Source, string] => [source, specifier]),
  );
  t.same(list(faults), []);
});

t.test('a package declares what it imports', async (t) => {
  const everybody = workspaces.flatMap(({ dependencies }) => dependencies);
  const faults = sources.flatMap((source) => {
    const own = workspaces.find(({ folder }) => folder === packageOf(source.path))?.dependencies ?? [];
    const known = new Set(isProduction(source) ? own : [...everybody, ...forTests]);
    return source.specifiers
      .filter((specifier) => !/^(\.|node:)/.test(specifier))
      .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'))
      .filter((name) => !known.has(name) && !isBorrowed(source, name))
      .map((name): [Source, string] => [source, name]);
  });
  t.same(list(faults), []);
});

/** The double of EventStoreDB speaks with the client's own copy of the protocol, so it must not have one of its own. */
function isBorrowed({ path }: Source, name: string): boolean {
  const borrower = path.startsWith('shared/src/event-store/eventstoredb/double/');
  return borrower && (name === '@grpc/grpc-js' || name === 'google-protobuf');
}

t.test('no file depends on itself through others', async (t) => {
  t.same(findCycle(loading), undefined);
});

t.test('no folder of a package depends on itself through others', async (t) => {
  // A file beside the folders puts them together, so it stands for itself.
  const folderOf = (path: string) => path.split('/').slice(0, 3).join('/');
  const running = new Map([...loading].filter(([path]) => production.has(path)));
  t.same(findCycle(grouped(running, folderOf)), undefined);
});

t.test('every file is used', async (t) => {
  const roots = [...started, ...sources.filter(isTest)];
  const used = reachable(
    using,
    roots.map(({ path }) => path),
  );
  t.same(
    sources.map(({ path }) => path).filter((path) => !used.has(path)),
    [],
  );
});

t.test('what runs in production uses nothing that is for tests', async (t) => {
  const faults = sources
    .filter(isProduction)
    .flatMap((source) =>
      source.files
        .filter((file) => /\/testing[/.]|\.fixture\.ts$|\/samples\.ts$/.test(file))
        .map((file): [Source, string] => [source, file]),
    );
  t.same(list(faults), []);
});

t.test('no line is too long to read', async (t) => {
  const faults = sources.flatMap((source) =>
    source.text
      .split('\n')
      .flatMap((line, n): [Source, string][] => (line.length > 140 ? [[source, `line ${n + 1}`]] : [])),
  );
  t.same(list(faults), []);
});

t.test('no test is left out or runs alone', async (t) => {
  const left = /\b(?:t|test|describe|it)\.(?:only|skip|todo)\(|\b(?:skip|todo): ?(?:true|['"`])|--only\b/;
  const faults = sources
    .filter((source) => isTest(source) && !source.path.endsWith('boundaries.test.ts'))
    .flatMap((source): [Source, string][] => (left.test(source.text) ? [[source, left.exec(source.text)![0]]] : []));
  t.same(list(faults), []);
});

function isExported({ path }: Source): boolean {
  return workspaces.some(({ folder, exports }) =>
    // `shared` exports every file; there, only what somebody imports is used.
    Object.values(exports).some((target) => {
      const [before, after] = `${folder}/${target.slice(2)}`.split('*') as [string, string?];
      if (after === undefined) return path === before;
      return after !== '.ts' && path.startsWith(before) && path.endsWith(after);
    }),
  );
}
