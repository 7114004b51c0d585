/** How to call what everybody does with their own account: signing in, sessions, passwords and tokens. */
import { newId } from '../builders/records.ts';
import { type AuthorizationFixture, PASSWORD, type Person } from './authorization-fixture.ts';
import { NOTHING, owned, type RouteFixture } from './fixture.ts';

const NEW_PASSWORD = 'a-sturdier-oak-table';

const newUser = () => ({ email: `${newId('user')}@example.net`, display_name: 'New', password: PASSWORD });

async function aSession(_: AuthorizationFixture, owner: Person): Promise<{ session_id: string }> {
  return { session_id: (await owner.client.get('/auth/me')).body.session.id };
}

async function aToken(_: AuthorizationFixture, owner: Person): Promise<{ id: string }> {
  return { id: (await owner.client.post('/auth/tokens', { name: 'A token', scopes: ['chat.use'] })).body.id };
}

/** The code of a link by which the caller may set a password. */
async function linkCode(world: AuthorizationFixture, { user }: Person): Promise<string> {
  const { client } = await world.person('admin');
  return (await client.post(`/admin/users/${user.id}/password-link`)).body.code;
}

const session = owned(aSession, { session_id: 'ses_missing' });
const token = owned(aToken, { id: 'tok_missing' });

export const identityFixtures: Readonly<Record<string, RouteFixture>> = {
  'POST /auth/login': { body: ({ user }) => ({ login: user.email, password: PASSWORD }) },
  'POST /auth/logout': NOTHING,
  'POST /auth/logout-all': NOTHING,
  'POST /auth/register': { body: newUser },
  'GET /auth/me': NOTHING,
  'PATCH /auth/me': { body: () => ({ display_name: 'Renamed' }) },
  'GET /auth/sessions': NOTHING,
  'DELETE /auth/sessions/{session_id}': { things: session },
  'POST /auth/password': { body: () => ({ current_password: PASSWORD, new_password: NEW_PASSWORD }) },
  'POST /auth/password/set': {
    body: async (caller, _, world) => ({ code: await linkCode(world, caller), new_password: NEW_PASSWORD }),
  },
  'POST /auth/tokens': { body: () => ({ name: 'A token', scopes: ['chat.use'] }) },
  'GET /auth/tokens': NOTHING,
  'DELETE /auth/tokens/{id}': { things: token },
  'POST /auth/tokens/{id}/rotate': { things: token, body: () => ({}) },
  'POST /admin/users': { body: newUser },
};
