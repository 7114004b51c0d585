/** Serves one route: every check in its order, then the use case, then the answer. */
import type { Request, Response } from 'express';
import { storeErrors } from '#application/shared/store-errors.ts';
import type { User } from '#domain/identity/user.ts';
import { actorErrors, type Origin, type UserActor } from '#domain/shared/actor.ts';
import { addressKey } from '#domain/shared/address-key.ts';
import { readBody } from '../bodies/body.ts';
import { NO_BODY } from '../declaration/body.ts';
import type { Reply, Route } from '../declaration/route.ts';
import { problemFor, sizesOf } from '../refusals/problem.ts';
import type { LiveObserver } from '../streams/live-observer.ts';
import { sendEvents } from '../streams/server-sent-events.ts';
import { sendStream, untilGone } from '../streams/stream.ts';
import { openSocket } from '../streams/web-socket.ts';
import {
  type AuthenticationOptions,
  authenticateClient,
  checkAccess,
  clientOf,
  isAllowedPage,
  isAnonymous,
  refuseStranger,
} from './authentication.ts';
import { matching } from './etag.ts';
import { Frames } from './frames.ts';
import { answerOnce, type Idempotency } from './idempotency.ts';
import { checkOrigin } from './origin.ts';
import { isNavigation, type RefusalOptions, sendBack, sendProblem, sendReply } from './reply.ts';
import {
  createRequestContext,
  type RequestContext,
  type RequestContextOptions,
  recordRequest,
} from './request-context.ts';
import { checkedReply } from './response-check.ts';
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
  AuthenticationOptions &
  RefusalOptions &
  Readonly<{
    idempotency: Idempotency;
    /** Told of every 403. */
    refused(access: RefusedAccess): void;
    /** Whether the records are this server's; false once another server has taken them. */
    holdsLock(): boolean;
    /** Aborted, by a `StreamEnded`, when the server stops: streams end then, wherever they are. */
    closing: AbortSignal;
    /** Told of the connections on which events are sent. */
    live: LiveObserver;
    /** Compare every answer with its declaration, and fail with a 500 where it differs: for tests. */
    checkResponses: boolean;
  }>;

const TAKEN_OVER =
  'Another server has taken over the database while it was away from this one: ask that one, or stop it.';
const NOBODY = { actor: null, user: null, credential: { session: null, token: null } } as const;

/** The express handler of a route. */
export function serve(route: Route, options: ServeOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    const context = createRequestContext(request, route.path, options);
    try {
      const answered = await answer(route, request, context, options);
      const reply = options.checkResponses ? checkedReply(route, answered) : answered;
      const failure = await send(route, request, response, { reply, context, options });
      recordRequest(request, response, context, options, failure);
    } catch (error) {
      refuse(request, response, error, context, options, route.leadsBrowsersBack);
    }
  };
}

type Sending = Readonly<{ reply: Reply; context: RequestContext; options: ServeOptions }>;

/** Answers what a stream, or events, failed for once their head was sent; undefined where all is well. */
async function send(
  route: Route,
  request: Request,
  response: Response,
  { reply, context, options }: Sending,
): Promise<unknown> {
  const { stream, events } = reply;
  if (events !== undefined && route.frames !== null) {
    const frames = new Frames(route, request, options);
    const { closing, live } = options;
    const opening = { headers: context.headers, answer: frames.answer, closing, live };
    return openSocket(request, response, events, opening);
  }
  sendReply(response, reply, context, route.etag);
  if (stream !== undefined) return sendStream(response, stream, options.closing);
  if (events === undefined) return undefined;
  if (request.method !== 'HEAD') return sendEvents(response, events, options);
  events.close();
  response.end();
  return undefined;
}

async function answer(route: Route, request: Request, context: RequestContext, options: ServeOptions): Promise<Reply> {
  if (!options.holdsLock()) throw storeErrors.storeUnavailable({}, TAKEN_OVER);
  const client = clientOf(request, context, options);
  const anonymous = isAnonymous(client);
  if (anonymous) await options.limits.take('anonymous', addressKey(client.ip), context.headers);
  else if (request.method !== 'GET') await refuseStranger(client, context, options);
  const body = request.method === 'GET' ? undefined : await readBody(request, route.body ?? NO_BODY);
  const found = anonymous ? null : await authenticateClient(client, context, options);
  const { actor, user, credential } = found ?? NOBODY;
  if (route.access !== 'public' && actor === null) throw actorErrors.unauthenticated();
  // A page of another origin may call by a token, and by nothing that only looks like one.
  if (credential.token === null || !isAllowedPage(request, options.corsOrigins))
    checkOrigin(request, client.ownOrigin, route.frames !== null);
  if (actor !== null) checkAccess(actor, route.access);
  // Both are null on public routes alone, which is what the declaration's types say.
  const who = { actor: actor as UserActor, user: user as User, credential };
  const call = { ...who, client, ...validated(route, request, body) };
  const handle = () => handled(route, request, call, body, options);
  return route.answersLate ? whilePatient(request.socket, handle) : handle();
}

type Asked = Omit<Parameters<Route['handle']>[0], 'storeResponse' | 'ifMatch' | 'header' | 'untilGone'>;

function handled(route: Route, request: Request, asked: Asked, body: unknown, options: ServeOptions): Promise<Reply> {
  const { method, path, headers } = request;
  const call = {
    ...asked,
    header: (name: string) => headerOf(request, name),
    untilGone: () => untilGone(request.res as Response),
    ifMatch: <Thing>(toJson: (thing: Thing) => unknown) => matching(headers['if-match'], toJson),
  };
  const key = headers['idempotency-key'];
  return answerOnce(route, call, typeof key === 'string' ? { key, method, path, body } : null, options.idempotency);
}

/** Of a header that may come several times, none. */
function headerOf({ headers }: Request, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The connection is not closed for being idle meanwhile. */
async function whilePatient<T>(socket: Request['socket'], work: () => Promise<T>): Promise<T> {
  const { timeout = 0 } = socket;
  socket.setTimeout(0);
  try {
    return await work();
  } finally {
    socket.setTimeout(timeout);
  }
}

/** Answers with the problem document of whatever was thrown, or leads back, and tells the log and the audit. */
function refuse(
  request: Request,
  response: Response,
  error: unknown,
  context: RequestContext,
  options: ServeOptions,
  leadsBrowsersBack = false,
): void {
  const document = problemFor(error, context.requestId);
  context.code = document.code;
  context.sizes = sizesOf(error);
  if (document.status === 403) tellRefused(request, context, document.code, options);
  if (leadsBrowsersBack && isNavigation(request)) sendBack(response, document, context);
  else sendProblem(request, response, document, context, options);
  recordRequest(request, response, context, options, document.status >= 500 ? error : undefined);
}

/** Tells the audit of a 403. */
export function tellRefused(
  { method }: Request,
  { actor, origin, route }: RequestContext,
  code: string,
  { refused }: Pick<ServeOptions, 'refused'>,
): void {
  refused({ actor, origin, method, route, code });
}
