import type { FastifyInstance } from 'fastify';

interface Route {
  readonly path: RegExp;
  readonly methods: readonly string[];
}

/** As far as an OpenAPI document says which routes there are. */
export interface DescribedRoutes {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Remembers every route that is registered from here on, and answers which methods a path takes, at a neighbour of
 * this process too where a document names its routes. Only asked when nothing matched, so that it may be slow and
 * must be simple.
 */
export function watchRoutes(app: FastifyInstance, elsewhere?: DescribedRoutes): (path: string) => string[] {
  const routes: Route[] = elsewhere ? routesOf(elsewhere) : [];
  app.addHook('onRoute', ({ url, method }) => {
    if (url !== '*') routes.push({ path: patternOf(url), methods: [method].flat() });
  });
  return (path) => {
    const methods = routes.filter((route) => route.path.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  };
}

function routesOf({ paths }: DescribedRoutes): Route[] {
  return Object.entries(paths).map(([template, methods]) => ({
    path: patternOf(template.replace(/\{(\w+)\}/g, ':$1')),
    methods: Object.keys(methods).flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])),
  }));
}

/** `/v1/accounts/:account_id` as a regular expression. A trailing slash is the same path. */
function patternOf(template: string): RegExp {
  const steps = template
    .replace(/\/$/, '')
    .split('/')
    .map((step) => {
      if (step.startsWith(':')) return '[^/]+';
      return step === '*' ? '.*' : step.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    });
  return new RegExp(`^${steps.join('/')}/?$`);
}
