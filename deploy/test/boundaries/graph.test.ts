import t from 'tap';
import { findCycle, type Graph, grouped, reachable } from './graph.ts';
import { exportedAs, importsOf, withoutTypes } from './sources.ts';

const graph = (edges: Record<string, readonly string[]>): Graph => new Map(Object.entries(edges));

t.test('a cycle is found wherever it is, and none where there is none', async (t) => {
  t.equal(findCycle(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })), undefined);
  t.same(findCycle(graph({ a: ['b'], b: ['c'], c: ['b'] })), ['b', 'c', 'b']);
  t.same(findCycle(graph({ a: ['a'] })), ['a', 'a']);
});

t.test('folders depend on each other where their files do', async (t) => {
  const folders = grouped(graph({ 'x/1': ['x/2', 'y/1'], 'x/2': [], 'y/1': [], 'y/2': ['x/2'] }), (path) => path[0]!);
  t.same(findCycle(folders), ['x', 'y', 'x']);
});

t.test('what is reached', async (t) => {
  t.same([...reachable(graph({ a: ['b'], b: ['a'], c: ['a'], d: [] }), ['a', 'd'])].sort(), ['a', 'b', 'd']);
});

t.test('what a file imports', async (t) => {
  const text = [
    "import { a } from './a.ts';",
    "import type { B } from './b.ts';",
    'import {',
    '  c,',
    "} from '@agentcal/shared/c';",
    "export * from './d.ts';",
    "export type { E } from './e.ts';",
    "import './f.ts';",
    "const g = await import('./g.ts');",
    "/** import h from './h.ts'; */",
    "// import i from './i.ts';",
  ].join('\n');
  const all = ['./a.ts', './b.ts', '@agentcal/shared/c', './d.ts', './e.ts', './f.ts', './g.ts'];
  t.same(importsOf(text), all);
  t.same(
    importsOf(withoutTypes(text)),
    all.filter((name) => !['./b.ts', './e.ts'].includes(name)),
    'while it runs',
  );
});

t.test('what a package exports', async (t) => {
  const exports = { './service': './src/service.ts', './*/events': './src/*/events.ts' };
  const workspace = { name: '@agentcal/x', folder: 'x', exports, dependencies: [] };
  t.equal(exportedAs(workspace, '@agentcal/x/service'), './src/service.ts');
  t.equal(exportedAs(workspace, '@agentcal/x/user/events'), './src/user/events.ts');
  t.equal(exportedAs(workspace, '@agentcal/x/user/decider'), undefined);
});
