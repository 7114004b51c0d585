/** Who sent a request, and what they came with: a session or a token. */
import { type ApiToken, rightsOfToken } from '#domain/identity/api-token.ts';
import type { Principal } from '#domain/identity/principal.ts';
import type { Session } from '#domain/identity/session.ts';
import type { User } from '#domain/identity/user.ts';
import type { Origin, UserActor } from '#domain/shared/actor.ts';

/** One of them is null. */
export type Credential = Readonly<{ session: Session | null; token: ApiToken | null }>;

export type Authentication = Readonly<{
  actor: UserActor;
  /** The user behind the actor, as they are at this moment. */
  user: User;
  credential: Credential;
}>;

/** By a live session; null where its user is not active, or has ended all sessions of its epoch together. */
export function authenticationBySession(
  session: Session,
  principal: Principal | null,
  origin: Origin,
): Authentication | null {
  if (principal === null || principal.user.sessionEpoch !== session.epoch) return null;
  const { user, permissions, workspaces } = principal;
  const rights = { userId: user.id, permissions, workspaces };
  const actor = { kind: 'user', ...rights, sessionId: session.id, tokenId: null, origin } as const;
  return { actor, user, credential: { session, token: null } };
}

/**
 * By a usable token, with those scopes that its owner still holds, and in the workspace to which it is bound; null
 * where they are not active.
 */
export function authenticationByToken(token: ApiToken, owner: Principal | null, origin: Origin): Authentication | null {
  if (owner === null) return null;
  const { user } = owner;
  const rights = { userId: user.id, ...rightsOfToken(token, owner) };
  const actor = { kind: 'user', ...rights, sessionId: null, tokenId: token.id, origin } as const;
  return { actor, user, credential: { session: null, token } };
}
