/** Who sends a request: what it shows of itself, whom that stands for, and whether they may call. */
import type { Request } from 'express';
import type { Authentication } from '#application/identity/authentication.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import { addressKey } from '#domain/shared/address-key.ts';
import type { Access, Client, PresentedSecrets } from '../declaration/route.ts';
import { readCookies } from './cookie.ts';
import { isCrossSite, ownOrigin } from './origin.ts';
import type { RequestRateLimits } from './rate-limits.ts';
import type { RequestContext } from './request-context.ts';

/** A browser can give a token for a WebSocket in no other header. */
const OFFERED_TOKEN = /(?:^|,)\s*bearer\.(?<token>[^\s,]+)/;
const BEARER = /^bearer(?: +(?<token>.*))?$/i;

export type AuthenticationOptions = Readonly<{
  publicUrl: URL | null;
  /** Origins of other pages that may call with tokens. */
  corsOrigins: ReadonlySet<string>;
  /** Who the session or the token of a request stands for right now; null where it stands for nobody. */
  authenticate(client: Client): Promise<Authentication | null>;
  limits: RequestRateLimits;
}>;

export function clientOf(
  request: Request,
  { origin, secure }: RequestContext,
  { publicUrl, corsOrigins }: AuthenticationOptions,
): Client {
  return {
    ...origin,
    userAgent: request.headers['user-agent']?.slice(0, 400) ?? null,
    address: origin.ip === null ? null : addressKey(origin.ip),
    ownOrigin: ownOrigin(request, secure, publicUrl),
    crossSite: isCrossSite(request),
    ...presentedSecrets(request, secure, isAllowedPage(request, corsOrigins)),
  };
}

/**
 * A token wins over a cookie, which then counts for nothing. A page of another origin is given nothing for a cookie
 * either: `foreign` says that one of those sent the request.
 */
function presentedSecrets(request: Request, secure: boolean, foreign: boolean): PresentedSecrets {
  const match = BEARER.exec(request.headers.authorization ?? '');
  const bearer = match === null ? offeredToken(request) : (match.groups?.token ?? '');
  if (bearer !== null) return { sessionSecret: null, oauthFlow: null, bearer };
  const { session, oauthFlow } = readCookies(foreign ? undefined : request.headers.cookie, secure);
  return { sessionSecret: session, oauthFlow, bearer: null };
}

function offeredToken({ headers }: Request): string | null {
  return OFFERED_TOKEN.exec(headers['sec-websocket-protocol'] ?? '')?.groups?.token ?? null;
}

/** Whether a page of another origin sent it that may call with tokens. */
export function isAllowedPage(request: Request, corsOrigins: ReadonlySet<string>): boolean {
  return request.headers.origin !== undefined && corsOrigins.has(request.headers.origin);
}

/** Whether nothing that the client shows could stand for somebody. */
export function isAnonymous({ sessionSecret, bearer }: Client): boolean {
  return sessionSecret === null && bearer === null;
}

/**
 * Throws 429 to a client that shows what stands for nobody, where its address may send no more: before its body is
 * read. Who stands for somebody is not looked up twice unless strangers of their address have spent its limit.
 */
export async function refuseStranger(client: Client, context: RequestContext, options: AuthenticationOptions) {
  const key = addressKey(client.ip);
  if (await options.limits.leaves('anonymous', key)) return;
  if ((await options.authenticate(client)) === null) await options.limits.take('anonymous', key, context.headers);
}

/** Counts a request as the user's where one is signed in, whom it answers, else as the address's. Throws 429. */
export async function countClient(
  client: Client,
  context: RequestContext,
  options: AuthenticationOptions,
): Promise<Authentication | null> {
  if (!isAnonymous(client)) return authenticateClient(client, context, options);
  await options.limits.take('anonymous', addressKey(client.ip), context.headers);
  return null;
}

/** Whom the client names, counted as theirs; one that names nobody is as anonymous as one without a secret. */
export async function authenticateClient(
  client: Client,
  context: RequestContext,
  { authenticate, limits }: AuthenticationOptions,
): Promise<Authentication | null> {
  const found = await authenticate(client);
  context.actor = found?.actor ?? null;
  if (found === null) await limits.take('anonymous', addressKey(client.ip), context.headers);
  else await limits.take('actor', found.actor.userId, context.headers);
  return found;
}

/** Refuses with 403 an actor who may not call what has this access. */
export function checkAccess(actor: UserActor, access: Access): void {
  if (access === 'public' || access === 'signed_in') return;
  if (access !== 'session') requirePermission(actor, access);
  else if (actor.sessionId === null) throw identityErrors.sessionRequired();
}
