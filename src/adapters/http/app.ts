/** The express application: API routes, health, metrics, documents, pages, and an answer for everything else. */
import type { RequestListener } from 'node:http';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { BASE_PATH, OPENAI_BASE_PATH } from './declaration/base-path.ts';
import { httpErrors } from './declaration/http-errors.ts';
import type { Route } from './declaration/route.ts';
import { cors, preflight } from './pipeline/cors.ts';
import { checkHead } from './pipeline/head.ts';
import {
  beginExchange,
  guardExchange,
  limitExchange,
  type Outside,
  onOutsideError,
  refuseOutside,
} from './pipeline/outside.ts';
import { RouteMatcher } from './pipeline/route-matcher.ts';
import { type ServeOptions, serve } from './pipeline/serve.ts';

/** What pages of other origins may call. */
const BASE_PATHS = [BASE_PATH, OPENAI_BASE_PATH];

type ServedRoute = ReturnType<typeof serve>;

export type AppOptions = ServeOptions &
  Readonly<{
    routes: readonly Route[];
    outside: Outside;
    /** Express' `trust proxy`: which proxies may say where a request comes from. */
    trustProxy: boolean | number | string;
  }>;

export function createApp(options: AppOptions): RequestListener {
  const app = settingsOf(options);
  if (options.corsOrigins.size > 0) app.use(BASE_PATHS, cors(options.corsOrigins));
  app.use(findAndServe(options.routes, (route) => serve(route, options)));
  app.use(beginExchange(options));
  if (options.corsOrigins.size > 0) app.use(BASE_PATHS, preflight(options.corsOrigins));
  for (const handler of options.outside.unlimited) app.use(handler);
  for (const guarded of options.outside.guarded)
    app.get(guarded.path, guardExchange(guarded, options), guarded.handler);
  app.use(limitExchange(options));
  for (const handler of options.outside.limited) app.use(handler);
  app.use((request, response) => refuseOutside(request, response, httpErrors.routeNotFound(), options));
  app.use(onOutsideError(options));
  // Express gives up, before any of these, on an address that has no path.
  const nowhere = (request: Request, response: Response) =>
    refuseOutside(request, response, httpErrors.routeNotFound(), options);
  return (request, response) =>
    app(request as Request, response as Response, () => nowhere(request as Request, response as Response));
}

function settingsOf(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustProxy);
  app.set('case sensitive routing', true);
  return app;
}

/** Finds the route of a request, and lets it be served; what has none goes on to what comes next. */
function findAndServe(routes: readonly Route[], served: (route: Route) => ServedRoute): RequestHandler {
  const matcher = new RouteMatcher<ServedRoute>();
  for (const route of routes) matcher.add(route.method, route.basePath + route.path, served(route));
  return (request, response, next) => {
    checkHead(request, response);
    const found = matcher.find(request.method, request.path);
    if (found === null) return next();
    request.params = found.params;
    return found.target(request, response);
  };
}
