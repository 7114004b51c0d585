/** The express application: API routes, health, documents, pages, and an answer for everything else. */
import express, { type Express } from 'express';
import { httpErrors } from './declaration/http-errors.ts';
import type { Route } from './declaration/route.ts';
import { cors } from './pipeline/cors.ts';
import { RouteMatcher } from './pipeline/route-matcher.ts';
import { type ServeOptions, serve, serveError } from './pipeline/serve.ts';

export const BASE_PATH = '/api/v1';

export type AppOptions = ServeOptions &
  Readonly<{
    routes: readonly Route[];
    /** Mounted outside the base path, in order: health, documents, pages. */
    outside: readonly express.RequestHandler[];
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
  app.use(routed(options));
  for (const handler of options.outside) app.use(handler);
  app.use(serveError(httpErrors.routeNotFound(), options));
  app.use(onExpressError(options));
  return app;
}

/** Serves the routes of the API; what is none of them goes on to what comes next. */
function routed(options: AppOptions): express.RequestHandler {
  const matcher = new RouteMatcher<ReturnType<typeof serve>>();
  for (const route of options.routes) matcher.add(route.method, BASE_PATH + route.path, serve(route, options));
  return (request, response, next) => {
    const found = matcher.find(request.method, request.path);
    if (found === null) return next();
    request.params = found.params;
    return found.target(request, response);
  };
}

/** Only a path that cannot be decoded throws before it is served; such a path leads nowhere. */
function onExpressError(options: ServeOptions): express.ErrorRequestHandler {
  return (error, request, response, _next) =>
    serveError(error instanceof URIError ? httpErrors.routeNotFound() : error, options)(request, response);
}
