/** The express application: API routes, health, documents, pages, and an answer for everything else. */
import express, { type Express } from 'express';
import { httpErrors } from './declaration/http-errors.ts';
import type { Route } from './declaration/route.ts';
import { cors } from './pipeline/cors.ts';
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
  for (const route of options.routes) app[route.method](BASE_PATH + expressPath(route.path), serve(route, options));
  for (const handler of options.outside) app.use(handler);
  app.use(serveError(httpErrors.routeNotFound(), options));
  app.use(onExpressError(options));
  return app;
}

/** `/chat/{thread}` in the form that express takes: `/chat/:thread`. */
function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** Express itself throws only where it cannot decode the path; such a path leads nowhere. */
function onExpressError(options: ServeOptions): express.ErrorRequestHandler {
  return (error, request, response, _next) =>
    serveError(error instanceof URIError ? httpErrors.routeNotFound() : error, options)(request, response);
}
