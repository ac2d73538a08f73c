import type { FastifyInstance } from 'fastify';

/**
 * Remembers every route that is registered from here on, and answers which methods a path takes. Only
 * asked when nothing matched, so that it may be slow and must be simple.
 */
export function watchRoutes(app: FastifyInstance): (path: string) => string[] {
  const routes: { path: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    if (url !== '*') routes.push({ path: patternOf(url), methods: [method].flat() });
  });
  return (path) => {
    const methods = routes.filter((route) => route.path.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  };
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
