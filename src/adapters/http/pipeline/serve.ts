/** Serves one route: every check in its order, then the use case, then the answer. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Authentication } from '#application/identity/authentication.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { actorErrors, type Origin, requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Access, Client, Reply, Route } from '../declaration/route.ts';
import { readJson } from './body.ts';
import { setCookies } from './cookie.ts';
import { etagOf, matching } from './etag.ts';
import { type Idempotency, withoutKey } from './idempotency.ts';
import { NDJSON_TYPE, sendNdjson } from './ndjson.ts';
import { checkOrigin, isCrossSite, ownOrigin } from './origin.ts';
import { presentedSecrets } from './presented-secrets.ts';
import { PROBLEM_TYPE, problemFor, problemHeaders } from './problem.ts';
import { addressKey, type RequestRateLimits } from './rate-limits.ts';
import {
  createRequestContext,
  type RequestContext,
  type RequestContextOptions,
  recordRequest,
} from './request-context.ts';
import { validated } from './validation.ts';

/** A request that was not allowed, for the audit. */
export type RefusedAccess = Readonly<{
  actor: UserActor | null;
  origin: Origin;
  method: string;
  route: string;
  code: string;
}>;

export type ServeOptions = RequestContextOptions &
  Readonly<{
    /** Who the session or the token of a request stands for right now; null where it stands for nobody. */
    authenticate(client: Client): Promise<Authentication | null>;
    limits: RequestRateLimits;
    idempotency: Idempotency;
    /** Origins of other pages that may call with tokens. */
    corsOrigins: ReadonlySet<string>;
    /** Told of every 403. */
    refused(access: RefusedAccess): void;
    /** Whether the records are this server's; false once another server has taken them. */
    holdsLock(): boolean;
    /** Compare every answer with its declaration, and fail with a 500 where it differs: for tests. */
    checkResponses: boolean;
  }>;

const TAKEN_OVER =
  'Another server has taken over the database while it was away from this one: ask that one, or stop it.';
const NOBODY = { actor: null, credential: { session: null, token: null } } as const;
const NO_LINE = z.never();

/** The express handler of a route. */
export function serve(route: Route, options: ServeOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    const context = createRequestContext(request, route.path, options);
    try {
      const reply = await answer(route, request, context, options);
      if (options.checkResponses) checkReply(route, reply);
      sendReply(response, reply, context, route.etag);
      const failure = reply.lines && (await sendNdjson(response, reply.lines, lineCheck(route, reply, options)));
      recordRequest(request, response, context, options, failure);
    } catch (error) {
      sendProblem(request, response, error, context, options);
    }
  };
}

/** An express handler that answers with a problem, outside any route. */
export function serveError(error: unknown, options: ServeOptions) {
  return (request: Request, response: Response): void => {
    sendProblem(request, response, error, createRequestContext(request, '(none)', options), options);
  };
}

async function answer(route: Route, request: Request, context: RequestContext, options: ServeOptions): Promise<Reply> {
  if (!options.holdsLock()) throw storeErrors.storeUnavailable({}, TAKEN_OVER);
  const client = clientOf(request, context, options);
  const anonymous = client.sessionSecret === null && client.bearer === null;
  if (anonymous) await options.limits.take('anonymous', addressKey(client.ip), context.headers);
  const body = request.method === 'GET' ? undefined : await readJson(request);
  const found = anonymous ? null : await identified(client, context, options);
  const { actor, credential } = found ?? NOBODY;
  if (route.access !== 'public' && actor === null) throw actorErrors.unauthenticated();
  if (client.bearer === null || !isAllowedPage(request, options)) checkOrigin(request, client.ownOrigin);
  if (actor !== null) checkAccess(actor, route.access);
  // `actor` is null on public routes alone, which is what the declaration's types say.
  const call = { actor: actor as UserActor, credential, client, ...validated(route, request, body) };
  return handled(route, request, call, body, options);
}

type Asked = Omit<Parameters<Route['handle']>[0], 'storeResponse' | 'ifMatch'>;

/** Calls the route's handler, or answers again what was answered before under the same Idempotency-Key. */
function handled(route: Route, request: Request, asked: Asked, body: unknown, options: ServeOptions): Promise<Reply> {
  const call = {
    ...asked,
    storeResponse: withoutKey,
    ifMatch: <Thing>(show: (thing: Thing) => unknown) => matching(request.headers['if-match'], show),
  };
  const key = request.headers['idempotency-key'];
  if (!route.idempotent || typeof key !== 'string' || asked.actor === null) return route.handle(call);
  const { method, path } = request;
  return options.idempotency.answer(
    { key, actorId: asked.actor.userId, method, path, body },
    {
      first: (storeResponse) => route.handle({ ...call, storeResponse }),
      replay: (stored) => route.replay(call, stored),
    },
  );
}

function checkAccess(actor: UserActor, access: Access): void {
  if (access === 'public' || access === 'signed_in') return;
  if (access !== 'session') requirePermission(actor, access);
  else if (actor.sessionId === null) throw identityErrors.sessionRequired();
}

/** The actor that the client names; one that names nobody is as anonymous as one without a secret. */
async function identified(
  client: Client,
  context: RequestContext,
  options: ServeOptions,
): Promise<Authentication | null> {
  const found = await options.authenticate(client);
  context.actor = found?.actor ?? null;
  if (found === null) await options.limits.take('anonymous', addressKey(client.ip), context.headers);
  else await options.limits.take('actor', found.actor.userId, context.headers);
  return found;
}

function clientOf(request: Request, { origin, secure }: RequestContext, options: ServeOptions): Client {
  return {
    ...origin,
    userAgent: request.headers['user-agent']?.slice(0, 400) ?? null,
    address: origin.ip === null ? null : addressKey(origin.ip),
    ownOrigin: ownOrigin(request, secure, options.publicUrl),
    crossSite: isCrossSite(request),
    ...presentedSecrets(request, secure, isAllowedPage(request, options)),
  };
}

function isAllowedPage(request: Request, options: ServeOptions): boolean {
  return request.headers.origin !== undefined && options.corsOrigins.has(request.headers.origin);
}

/** Throws where an answer is not what its route declares. One that is given again lacks its secret. */
function checkReply(route: Route, reply: Reply): void {
  if (reply.headers?.['Idempotent-Replayed'] !== undefined) return;
  const schema = route.returns[reply.status];
  if (reply.lines !== undefined) return;
  if (schema === undefined) throw new Error(`${route.path} does not declare the status ${reply.status}`);
  if (schema === null ? reply.body !== undefined : !schema.safeParse(JSON.parse(JSON.stringify(reply.body))).success) {
    throw new Error(`${route.method} ${route.path} answered ${reply.status} with a body that it does not declare`);
  }
}

/** Throws where a line is not what its route declares. */
function lineCheck(route: Route, reply: Reply, { checkResponses }: ServeOptions): (item: unknown) => void {
  const schema = route.returns[reply.status] ?? NO_LINE;
  return (item) => {
    if (checkResponses) schema.parse(JSON.parse(JSON.stringify(item)));
  };
}

function sendReply(response: Response, reply: Reply, context: RequestContext, etag: boolean): void {
  const headers: Record<string, string | number | string[]> = Object.assign(context.headers, reply.headers);
  const cookies = setCookies(reply, context.secure);
  if (cookies.length > 0) headers['Set-Cookie'] = cookies;
  if (reply.lines !== undefined) {
    response.writeHead(reply.status, { ...headers, 'Content-Type': NDJSON_TYPE });
    return;
  }
  if (reply.body === undefined) {
    response.writeHead(reply.status, headers).end();
    return;
  }
  const text = JSON.stringify(reply.body);
  headers['Content-Type'] = 'application/json; charset=utf-8';
  headers['Content-Length'] = Buffer.byteLength(text);
  if (etag) headers.ETag = etagOf(text);
  response.writeHead(reply.status, headers).end(text);
}

function sendProblem(
  request: Request,
  response: Response,
  error: unknown,
  context: RequestContext,
  options: ServeOptions,
): void {
  const document = problemFor(error, context.requestId);
  const headers: Record<string, string> = {
    ...context.headers,
    ...problemHeaders(document),
    'Content-Type': PROBLEM_TYPE,
  };
  if (document.status === 403) {
    const { actor, origin, route } = context;
    options.refused({ actor, origin, method: request.method, route, code: document.code });
  }
  // What is left of a refused body is not read, so the connection cannot carry another request.
  if (!request.complete) headers.Connection = 'close';
  response.writeHead(document.status, headers).end(JSON.stringify(document));
  recordRequest(request, response, context, options, document.status >= 500 ? error : undefined);
}
