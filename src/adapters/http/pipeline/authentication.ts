/** Who sends a request: what it shows of itself, whom that stands for, and whether they may call. */
import type { Request } from 'express';
import type { Authentication } from '#application/identity/authentication.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Access, Client } from '../declaration/route.ts';
import { isCrossSite, ownOrigin } from './origin.ts';
import { presentedSecrets } from './presented-secrets.ts';
import { addressKey, type RequestRateLimits } from './rate-limits.ts';
import type { RequestContext } from './request-context.ts';

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

/** Whether a page of another origin sent it that may call with tokens. */
export function isAllowedPage(request: Request, corsOrigins: ReadonlySet<string>): boolean {
  return request.headers.origin !== undefined && corsOrigins.has(request.headers.origin);
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
