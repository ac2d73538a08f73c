import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A TypeScript file of this repository, and what it names. Paths are relative to the repository. */
export interface Source {
  readonly path: string;
  readonly text: string;
  /** What it imports or exports from, as written. */
  readonly specifiers: readonly string[];
  /** Files of this repository that are loaded with it. What is imported as a type only is not. */
  readonly loads: readonly string[];
  /** The same, with types and with files that it names in a string, as when it starts one as a process. */
  readonly files: readonly string[];
}

export interface Workspace {
  readonly name: string;
  readonly folder: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
}

export const root = fileURLToPath(new URL('../../../', import.meta.url));

const ignored = new Set(['node_modules', '.git', '.tap', '.agentcal', 'dist']);

export async function readWorkspaces(): Promise<Workspace[]> {
  const { workspaces } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return Promise.all(
    (workspaces as string[]).map(async (folder) => {
      const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
      const { name, exports = {}, dependencies = {}, optionalDependencies = {} } = manifest;
      return { name, folder, exports, dependencies: Object.keys({ ...dependencies, ...optionalDependencies }) };
    }),
  );
}

/** What only tests may import, in every package. */
export async function readTestDependencies(): Promise<string[]> {
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return Object.keys(devDependencies);
}

export async function readSources(workspaces: readonly Workspace[]): Promise<Source[]> {
  const paths = await pathsBelow(root);
  const typescript = paths.filter((path) => path.endsWith('.ts'));
  const known = new Set(typescript);
  return Promise.all(
    typescript.map(async (path) => {
      const text = await readFile(join(root, path), 'utf8');
      const specifiers = importsOf(text);
      const filesOf = (names: readonly string[]) => {
        return [...new Set(names.map((name) => resolve(path, name, workspaces)))].filter((file) => known.has(file));
      };
      const files = filesOf([...specifiers, ...namedFiles(text)]);
      return { path, text, specifiers, loads: filesOf(importsOf(withoutTypes(text))), files };
    }),
  );
}

/** Files that are not TypeScript and may start one: scripts, images, the composition, CI. */
export async function readOthers(): Promise<string[]> {
  const paths = (await pathsBelow(root)).filter((path) => !path.endsWith('.ts') && !path.endsWith('.md'));
  const small = paths.filter((path) => !/package-lock\.json|openapi\.json|LICENSE/.test(path));
  return Promise.all(small.map((path) => readFile(join(root, path), 'utf8')));
}

async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      if (ignored.has(entry.name)) return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? pathsBelow(path) : entry.isFile() ? [relative(root, path)] : [];
    }),
  );
  return found.flat().sort();
}

const importing = /(?:^|[\s;}])(?:from|import)\s*\(?\s*['"]([@\w./-]+)['"]/g;

export function importsOf(text: string): string[] {
  return [...withoutComments(text).matchAll(importing)].map(([, specifier]) => specifier!);
}

function namedFiles(text: string): string[] {
  return [...withoutComments(text).matchAll(/['"`]([\w./-]+\.ts)['"`]/g)].map(([, name]) => name!);
}

/** Without the imports and exports that are erased before the program runs. */
export function withoutTypes(text: string): string {
  return text.replace(/^(?:import|export) type [^;]*? from '[^']*';/gm, '');
}

/** Examples in comments import nothing. */
function withoutComments(text: string): string {
  return text.replace(/\/\*\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function resolve(from: string, specifier: string, workspaces: readonly Workspace[]): string {
  if (!specifier.startsWith('@agentcal/')) {
    const beside = join(dirname(from), specifier);
    return specifier.startsWith('.') || !specifier.includes('/') ? beside : specifier;
  }
  const workspace = workspaces.find(({ name }) => specifier.startsWith(`${name}/`));
  const target = workspace && exportedAs(workspace, specifier);
  return target ? join(workspace.folder, target) : specifier;
}

/** The file that a specifier of another package means; `undefined` where that package does not export it. */
export function exportedAs({ name, exports }: Workspace, specifier: string): string | undefined {
  const subpath = `.${specifier.slice(name.length)}`;
  for (const [pattern, target] of Object.entries(exports)) {
    const [before, after] = pattern.split('*') as [string, string?];
    if (after === undefined && pattern === subpath) return target;
    const fits = after !== undefined && subpath.startsWith(before) && subpath.endsWith(after);
    if (fits) return target.replace('*', subpath.slice(before.length, subpath.length - after.length));
  }
  return undefined;
}
