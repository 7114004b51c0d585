/** Who calls each route: nobody, those whose credentials are good no longer, and one of every role. */
import type { Client } from '../server.ts';
import type { Person, World } from './world.ts';

/**
 * Makes a person, and the client that calls. Those who are to be refused for their credentials are admins, so that nothing but their
 * credentials can be the reason.
 */
type Caller = (world: World, person: Person) => Promise<Client>;

const itself: Caller = async (_, person) => person.client;

export const CALLERS = {
  anonymous: { role: 'admin', client: async (world) => world.server.client() },
  garbage: { role: 'admin', client: async (world) => world.clientWith('A'.repeat(43)) },
  expired: { role: 'admin', client: (world, { user }) => world.signedIn(user, -1) },
  revoked: {
    role: 'admin',
    client: async (world, { user }) => {
      const client = await world.signedIn(user);
      const { cookie } = client;
      await client.post('/auth/logout');
      client.cookie = cookie;
      return client;
    },
  },
  disabled: {
    role: 'admin',
    client: async (world, { user, client }) => {
      await world.disable(user);
      return client;
    },
  },
  player: { role: 'player', client: itself },
  gm: { role: 'gm', client: itself },
  developer: { role: 'developer', client: itself },
  admin: { role: 'admin', client: itself },
} as const satisfies Record<string, { role: string; client: Caller }>;

export type CallerName = keyof typeof CALLERS;
export const CALLER_NAMES = Object.keys(CALLERS) as CallerName[];
