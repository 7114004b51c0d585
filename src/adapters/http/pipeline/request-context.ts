/** One request and its answer under way: what both carry, and what the log is told of them. */
import { isIP } from 'node:net';
import type { Request, Response } from 'express';
import type { Origin, UserActor } from '#domain/shared/actor.ts';
import type { ErrorDetails } from '#domain/shared/domain-error.ts';
import { isSecure } from './origin.ts';

/** What happened to one request, for log and metrics. Never a body, a secret or a raw path. */
export type RequestRecord = Readonly<{
  requestId: string;
  method: string;
  route: string;
  status: number;
  ms: number;
  actorId: string | null;
  /** Of the problem that it was answered with; null where there was none. */
  code: string | null;
  /** Of a refusal of the domain for size: what was asked for, and what there is. */
  sizes?: ErrorDetails | undefined;
  /** What a 5xx was thrown for. */
  error?: unknown;
}>;

export type RequestContext = {
  requestId: string;
  route: string;
  startedMs: number;
  actor: UserActor | null;
  /** Of the problem that is the answer. */
  code: string | null;
  /** See `RequestRecord`. */
  sizes?: ErrorDetails | undefined;
  origin: Origin;
  /** Whether the request reached us over https. */
  secure: boolean;
  /** What every answer to this request carries, a problem too. */
  headers: Record<string, string>;
};

export type RequestContextOptions = Readonly<{
  publicUrl: URL | null;
  newRequestId(): string;
  record(entry: RequestRecord): void;
}>;

const SANE_REQUEST_ID = /^[\w.:-]{1,64}$/;
/** What every answer carries, of this server or of its sockets. */
export const COMMON_HEADERS = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' } as const;

/** `requestId` where it is not for the request's head to say. */
export function createRequestContext(
  request: Request,
  route: string,
  options: RequestContextOptions,
  requestId = requestIdOf(request, options),
): RequestContext {
  const headers = { ...COMMON_HEADERS, 'X-Request-Id': requestId };
  const origin = { ip: addressOf(request), requestId };
  const secure = isSecure(request, options.publicUrl);
  return { requestId, route, startedMs: performance.now(), actor: null, code: null, origin, secure, headers };
}

function requestIdOf({ headers }: Request, { newRequestId }: RequestContextOptions): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : newRequestId();
}

/** Null where a proxy passes on what is no address. */
function addressOf({ ip }: Request): string | null {
  return ip !== undefined && isIP(ip) !== 0 ? ip : null;
}

/** Tells log and metrics; `error` is what a 5xx was thrown for. */
export function recordRequest(
  request: Request,
  response: Response,
  context: RequestContext,
  options: RequestContextOptions,
  error?: unknown,
): void {
  options.record({
    requestId: context.requestId,
    method: request.method,
    route: context.route,
    status: response.statusCode,
    ms: performance.now() - context.startedMs,
    actorId: context.actor?.userId ?? null,
    code: context.code,
    sizes: context.sizes,
    ...(error === undefined ? {} : { error }),
  });
}
