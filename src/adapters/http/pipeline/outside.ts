/**
 * Requests that no route serves (health, metrics, documents, pages, preflights, what is nowhere): named, counted,
 * logged.
 */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { preconditionErrors } from '#application/shared/precondition.ts';
import { actorErrors } from '#domain/shared/actor.ts';
import { HttpError, httpErrors } from '../declaration/http-errors.ts';
import type { Access } from '../declaration/route.ts';
import { problemFor } from '../refusals/problem.ts';
import { checkAccess, clientOf, countClient } from './authentication.ts';
import { sendProblem } from './reply.ts';
import { createRequestContext, type RequestContext, recordRequest } from './request-context.ts';
import { type ServeOptions, tellRefused } from './serve.ts';

/** What is for those who may, and without a limit for requests that it is open to. */
export type Guarded = Readonly<{
  path: string;
  access: Access;
  isOpenTo(request: Request): boolean;
  handler: RequestHandler;
}>;

/** What answers them: in order, health before documents and pages. */
export type Outside = Readonly<{
  /** Never refused for its number: who watches the server must not be locked out. Bounded in what it costs. */
  unlimited: readonly RequestHandler[];
  guarded: readonly Guarded[];
  /** Counted as calls are: as the user's where they are signed in, else as the address's. */
  limited: readonly RequestHandler[];
}>;

type Exchange = RequestContext & { failure?: unknown };

const exchanges = new WeakMap<Request, Exchange>();

/** Begins an answer outside the API: it carries the request's id, and is logged when it has been sent. */
export function beginExchange(options: ServeOptions): RequestHandler {
  return (request, response, next) => {
    const exchange = exchangeOf(request, options);
    const { 'X-Request-Id': id, 'X-Content-Type-Options': sniffing } = exchange.headers;
    response.setHeader('X-Request-Id', id as string).setHeader('X-Content-Type-Options', sniffing as string);
    next();
  };
}

/** Says under which name the log has this request, where express does not know it. */
export function nameExchange(request: Request, route: string): void {
  const exchange = exchanges.get(request);
  if (exchange !== undefined) exchange.route = route;
}

/** Refuses with 429 what comes too often. */
export function limitExchange(options: ServeOptions): RequestHandler {
  return async (request, response, next) => {
    await counted(request, response, options);
    next();
  };
}

/** Lets in whom it is open to, and who has access and does not come too often: else 401, 403 or 429. */
export function guardExchange({ access, isOpenTo }: Guarded, options: ServeOptions): RequestHandler {
  return async (request, response, next) => {
    if (!isOpenTo(request)) {
      const found = await counted(request, response, options);
      if (found === null) throw actorErrors.unauthenticated();
      checkAccess(found.actor, access);
    }
    next();
  };
}

async function counted(request: Request, response: Response, options: ServeOptions) {
  const exchange = exchangeOf(request, options);
  const found = await countClient(clientOf(request, exchange, options), exchange, options);
  const { RateLimit, 'RateLimit-Policy': policy } = exchange.headers;
  if (RateLimit !== undefined && policy !== undefined)
    response.setHeader('RateLimit', RateLimit).setHeader('RateLimit-Policy', policy);
  return found;
}

/** Answers with the problem that an error is. */
export function onOutsideError(options: ServeOptions): ErrorRequestHandler {
  return (error, request, response, _next) => refuseOutside(request, response, refusalFor(error), options);
}

export function refuseOutside(request: Request, response: Response, error: unknown, options: ServeOptions): void {
  const exchange = exchangeOf(request, options);
  const document = problemFor(error, exchange.requestId);
  exchange.code = document.code;
  if (document.status >= 500) exchange.failure = error;
  if (document.status === 403)
    tellRefused(request, { ...exchange, route: routeOf(request, exchange) }, document.code, options);
  if (response.headersSent) response.destroy();
  else sendProblem(request, response, document, exchange, options);
}

/** What express, or what serves files, says of a request that it cannot take is no fault of ours. */
function refusalFor(error: unknown): unknown {
  if (error instanceof HttpError) return error;
  if (error instanceof URIError) return httpErrors.routeNotFound();
  const { status } = error as { status?: unknown };
  if (status === 412) return preconditionErrors.stale({}, 'This file is not the one that the request names.');
  if (status === 416) return httpErrors.rangeNotSatisfiable();
  return typeof status === 'number' && status >= 400 && status < 500 ? httpErrors.malformedRequest() : error;
}

function exchangeOf(request: Request, options: ServeOptions): Exchange {
  const known = exchanges.get(request);
  if (known !== undefined) return known;
  const exchange: Exchange = createRequestContext(request, '(none)', options);
  exchanges.set(request, exchange);
  request.res?.once('close', () => {
    const route = routeOf(request, exchange);
    recordRequest(request, request.res as Response, { ...exchange, route }, options, exchange.failure);
  });
  return exchange;
}

function routeOf(request: Request, { route }: Exchange): string {
  return request.route?.path ?? route;
}
