/** The express application: API routes, health, documents, pages, and an answer for everything else. */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { httpErrors } from './declaration/http-errors.ts';
import type { Route } from './declaration/route.ts';
import { cors } from './pipeline/cors.ts';
import { RouteMatcher } from './pipeline/route-matcher.ts';
import { type ServeOptions, serve, serveError } from './pipeline/serve.ts';

export const BASE_PATH = '/api/v1';

type ServedRoute = ReturnType<typeof serve>;

export type AppOptions = ServeOptions &
  Readonly<{
    routes: readonly Route[];
    /** Mounted outside the base path, in order: health, documents, pages. */
    outside: readonly RequestHandler[];
    /** Express' `trust proxy`: which proxies may say where a request comes from. */
    trustProxy: boolean | number | string;
  }>;

export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustProxy);
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  if (options.corsOrigins.size > 0) app.use(BASE_PATH, cors(options.corsOrigins));
  app.use(findAndServe(BASE_PATH, options.routes, (route) => serve(route, options)));
  for (const handler of options.outside) app.use(handler);
  app.use(serveError(httpErrors.routeNotFound(), options));
  app.use(onExpressError(options));
  return app;
}

/** Finds the route of a request below a base path, and lets it be served; what has none goes on to what comes next. */
function findAndServe(
  basePath: string,
  routes: readonly Route[],
  served: (route: Route) => ServedRoute,
): RequestHandler {
  const matcher = new RouteMatcher<ServedRoute>();
  for (const route of routes) matcher.add(route.method, basePath + route.path, served(route));
  return (request, response, next) => {
    const found = matcher.find(request.method, request.path);
    if (found === null) return next();
    request.params = found.params;
    return found.target(request, response);
  };
}

/** Only a path that cannot be decoded throws before it is served; such a path leads nowhere. */
function onExpressError(options: ServeOptions): ErrorRequestHandler {
  return (error, request, response, _next) =>
    serveError(error instanceof URIError ? httpErrors.routeNotFound() : error, options)(request, response);
}
