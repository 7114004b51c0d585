/** How to call the routes of identity. */
import { newId } from '../records.ts';
import { NOTHING, type RouteFixture } from './fixture.ts';
import { PASSWORD } from './world.ts';

const newUser = () => ({ email: `${newId('user')}@example.net`, display_name: 'New', password: PASSWORD });

export const identityFixtures: Readonly<Record<string, RouteFixture>> = {
  'POST /auth/login': { body: ({ user }) => ({ login: user.email, password: PASSWORD }) },
  'POST /auth/logout': NOTHING,
  'GET /auth/me': NOTHING,
  'POST /admin/users': { body: newUser },
};
