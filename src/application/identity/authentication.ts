/** Who sent a request, and what they came with: a session or a token. */
import type { ApiToken } from '#domain/identity/api-token.ts';
import type { Session } from '#domain/identity/session.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserActor } from '#domain/shared/actor.ts';

/** One of them is null. */
export type Credential = Readonly<{ session: Session | null; token: ApiToken | null }>;

export type Authentication = Readonly<{
  actor: UserActor;
  /** The user behind the actor, as they are at this moment. */
  user: User;
  credential: Credential;
}>;
