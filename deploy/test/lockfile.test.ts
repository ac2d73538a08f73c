import { readFile } from 'node:fs/promises';
import t from 'tap';

interface Package {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

t.test('the lock names every optional package, of other platforms too: npm ci refuses one that does not', async (t) => {
  const lock = JSON.parse(await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8'));
  const packages = lock.packages as Readonly<Record<string, Package>>;
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !placesFrom(path).some((place) => packages[place + name])),
  );
  t.same(missing, []);
});

/** Where Node looks for a package from there, nearest first. */
function placesFrom(path: string): string[] {
  const steps = path.split('/');
  return steps
    .map((_, i) => `${steps.slice(0, steps.length - i).join('/')}/node_modules/`)
    .concat('node_modules/')
    .map((place) => place.replace(/^\//, ''));
}
