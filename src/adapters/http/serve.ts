/** Serves one route: every check in its order, then the use case, then the answer. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Actor, actorErrors, type Origin, requirePermission } from '#domain/shared/actor.ts';
import { readJson } from './body.ts';
import { readSessionCookie, sessionCookie } from './cookie.ts';
import { httpErrors } from './http-errors.ts';
import { checkOrigin, isSecure } from './origin.ts';
import { PROBLEM_TYPE, problemFor, problemHeaders } from './problem.ts';
import type { Call, Client, PathParameters, Reply, Route } from './route.ts';
import { isCleanText } from './text.ts';

/** What happened to one request, for the log. Never a body, a secret or a raw path. */
export type RequestRecord = Readonly<{
  requestId: string;
  method: string;
  route: string;
  status: number;
  ms: number;
  actorId: string | null;
  /** What a 5xx was thrown for. */
  error?: unknown;
}>;

export type ServeOptions = Readonly<{
  /** Who a session secret stands for right now; null where it stands for nobody. */
  identify(sessionSecret: string, origin: Origin): Promise<Actor | null>;
  publicUrl: URL | null;
  newRequestId(): string;
  record(entry: RequestRecord): void;
  /** Compare every answer with its declaration, and fail with a 500 where it differs: for tests. */
  checkResponses: boolean;
}>;

type Exchange = { requestId: string; route: string; startedMs: number; actorId: string | null };

const SANE_REQUEST_ID = /^[\w.:-]{1,64}$/;
/** What a route takes that declares no body, or no query. Made once: a schema costs more to make than to use. */
const NOTHING = z.strictObject({});
const COMMON_HEADERS = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' } as const;

/** The express handler of a route. */
export function serve(route: Route, options: ServeOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    const exchange = beginExchange(request, route.path, options);
    try {
      const reply = await answer(route, request, exchange, options);
      if (options.checkResponses) checkReply(route, reply);
      sendReply(response, reply, exchange, isSecure(request, options.publicUrl));
      recordExchange(request, response, exchange, options);
    } catch (error) {
      sendProblem(request, response, error, exchange, options);
    }
  };
}

/** An express handler that answers with a problem, outside any route. */
export function serveError(error: unknown, options: ServeOptions) {
  return (request: Request, response: Response): void => {
    sendProblem(request, response, error, beginExchange(request, '(none)', options), options);
  };
}

function beginExchange(request: Request, route: string, options: ServeOptions): Exchange {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : options.newRequestId();
  return { requestId, route, startedMs: performance.now(), actorId: null };
}

async function answer(route: Route, request: Request, exchange: Exchange, options: ServeOptions): Promise<Reply> {
  const body = request.method === 'GET' ? undefined : await readJson(request);
  const client = clientOf(request, exchange.requestId, options);
  const actor = client.sessionSecret === null ? null : await options.identify(client.sessionSecret, client);
  exchange.actorId = actor?.userId ?? null;
  if (route.access !== 'public' && actor === null) throw actorErrors.unauthenticated();
  checkOrigin(request, options.publicUrl);
  if (actor !== null && route.access !== 'public' && route.access !== 'signed_in')
    requirePermission(actor, route.access);
  // `actor` is null on public routes alone, which is what the declaration's types say.
  return route.handle({ actor: actor as Actor, client, ...validated(route, request, body) });
}

function clientOf(request: Request, requestId: string, options: ServeOptions): Client {
  return {
    ip: request.ip ?? null,
    requestId,
    userAgent: request.headers['user-agent']?.slice(0, 400) ?? null,
    sessionSecret: readSessionCookie(request.headers.cookie, isSecure(request, options.publicUrl)),
  };
}

type Input = Pick<Call<'public', PathParameters, unknown, unknown>, 'params' | 'query' | 'body'>;

function validated(route: Route, request: Request, body: unknown): Input {
  const params: Record<string, unknown> = {};
  for (const name in route.params) {
    const { schema, missing } = route.params[name] as PathParameters[string];
    const parsed = schema.safeParse(request.params[name]);
    if (!parsed.success) throw missing();
    params[name] = parsed.data;
  }
  return { params, query: parseInput(route.query, cleanQuery(request), 'query'), body: parseBody(route, body) };
}

function cleanQuery(request: Request): Record<string, unknown> {
  const query = request.query as Record<string, unknown>;
  for (const [name, value] of Object.entries(query)) {
    if (!isCleanText(name) || (typeof value === 'string' && !isCleanText(value))) throw httpErrors.malformedText();
  }
  return query;
}

function parseBody(route: Route, body: unknown): unknown {
  if (body === undefined && (route.bodyOptional || route.body === null)) return route.body?.parse({});
  return parseInput(route.body, body, 'body');
}

function parseInput(declared: z.ZodType | null, value: unknown, where: 'query' | 'body'): unknown {
  const parsed = (declared ?? NOTHING).safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    path: [where, ...issue.path].join('.'),
    message: issue.message,
  }));
  throw httpErrors.invalidInput(
    { errors },
    errors
      .map(({ path, message }) => `${path}: ${message}`)
      .join('; ')
      .slice(0, 500),
  );
}

/** Throws where an answer is not what its route declares. */
function checkReply(route: Route, reply: Reply): void {
  const schema = route.returns[reply.status];
  if (schema === undefined) throw new Error(`${route.path} does not declare the status ${reply.status}`);
  if (schema === null ? reply.body !== undefined : !schema.safeParse(JSON.parse(JSON.stringify(reply.body))).success) {
    throw new Error(`${route.method} ${route.path} answered ${reply.status} with a body that it does not declare`);
  }
}

function sendReply(response: Response, reply: Reply, exchange: Exchange, secure: boolean): void {
  const headers: Record<string, string | number> = { ...COMMON_HEADERS, 'X-Request-Id': exchange.requestId };
  if (reply.cookie !== undefined) headers['Set-Cookie'] = sessionCookie(reply.cookie, secure);
  if (reply.body === undefined) {
    response.writeHead(reply.status, headers).end();
    return;
  }
  const text = JSON.stringify(reply.body);
  headers['Content-Type'] = 'application/json; charset=utf-8';
  headers['Content-Length'] = Buffer.byteLength(text);
  response.writeHead(reply.status, headers).end(text);
}

function sendProblem(
  request: Request,
  response: Response,
  error: unknown,
  exchange: Exchange,
  options: ServeOptions,
): void {
  const document = problemFor(error, exchange.requestId);
  const headers: Record<string, string> = {
    ...COMMON_HEADERS,
    ...problemHeaders(document),
    'Content-Type': PROBLEM_TYPE,
    'X-Request-Id': exchange.requestId,
  };
  // What is left of a refused body is not read, so the connection cannot carry another request.
  if (!request.complete) headers.Connection = 'close';
  response.writeHead(document.status, headers).end(JSON.stringify(document));
  recordExchange(request, response, exchange, options, document.status >= 500 ? error : undefined);
}

function recordExchange(
  request: Request,
  response: Response,
  exchange: Exchange,
  options: ServeOptions,
  error?: unknown,
): void {
  options.record({
    requestId: exchange.requestId,
    method: request.method,
    route: exchange.route,
    status: response.statusCode,
    ms: performance.now() - exchange.startedMs,
    actorId: exchange.actorId,
    ...(error === undefined ? {} : { error }),
  });
}
