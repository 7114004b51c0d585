/** Who calls each route: nobody, those whose credentials are good no longer, and one of every role. */

import type { Route } from '#adapters/http/declaration/route.ts';
import type { User } from '#domain/identity/user.ts';
import type { AuthorizationFixture } from './authorization-fixture.ts';

/** What a request carries to say who sends it. */
export type Credentials = Readonly<Record<string, string>>;

/**
 * Those who are to be refused for their credentials are admins, so that nothing but their credentials can be the
 * reason. Each comes once with a session, and once with an API token of all their scopes.
 */
type Caller = Readonly<{ role: string; session: Make; token: Make }>;
type Make = (world: AuthorizationFixture, user: User, route: Route) => Promise<Credentials>;

const session: Make = (world, user) => world.session(user);
const token: Make = (world, user) => world.token(user);

/** The same credentials, once the user is disabled. */
const thenDisabled =
  (make: Make): Make =>
  async (world, user, route) => {
    const credentials = await make(world, user, route);
    await world.disable(user);
    return credentials;
  };

/** An API token with one scope, which is not what the route asks for. */
const foreignScope: Make = (world, user, { access }) =>
  world.token(user, { scopes: [access === 'system.read' ? 'audit.read' : 'system.read'] });

export const CALLERS = {
  anonymous: { role: 'admin', session: async () => ({}), token: async () => ({}) },
  garbage: {
    role: 'admin',
    session: async () => ({ Cookie: `tavernkeep=${'A'.repeat(43)}` }),
    token: async () => ({ Authorization: `Bearer tk_${'A'.repeat(60)}` }),
  },
  expired: {
    role: 'admin',
    session: (world, user) => world.session(user, -1),
    token: (world, user) => world.token(user, { expiresAt: new Date(Date.now() - 1) }),
  },
  revoked: {
    role: 'admin',
    session: async (world, user) => {
      const credentials = await world.session(user);
      await world.server.client().post('/auth/logout', undefined, credentials);
      return credentials;
    },
    token: (world, user) => world.token(user, { revokedAt: new Date(), revokedBy: user.id }),
  },
  disabled: { role: 'admin', session: thenDisabled(session), token: thenDisabled(token) },
  foreign: { role: 'admin', session: foreignScope, token: foreignScope },
  player: { role: 'player', session, token },
  gm: { role: 'gm', session, token },
  developer: { role: 'developer', session, token },
  admin: { role: 'admin', session, token },
} as const satisfies Record<string, Caller>;

export type CallerName = keyof typeof CALLERS;
export const CALLER_NAMES = Object.keys(CALLERS) as CallerName[];
/** Whose credentials are good. */
export const SIGNED_IN = ['foreign', 'player', 'gm', 'developer', 'admin'] as const satisfies CallerName[];
/** Whose credentials were good, or never were. */
export const TURNED_AWAY = ['garbage', 'expired', 'revoked', 'disabled'] as const satisfies CallerName[];
