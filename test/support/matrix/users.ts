/** How to call the administration of users and roles, and the audit log. */
import { newId } from '../builders/records.ts';
import type { AuthorizationFixture } from './authorization-fixture.ts';
import { NOTHING, type RouteFixture, type Things } from './fixture.ts';

const user: Things = {
  own: async (_, caller) => ({ id: caller.user.id }),
  other: async (world) => ({ id: (await world.person('player')).user.id }),
  missing: async () => ({ id: 'usr_missing' }),
};

/** A user and a role that they have. */
const held: Things = {
  own: async (_, caller) => ({ id: caller.user.id, role: caller.user.roles[0] ?? '' }),
  other: async (world) => ({ id: (await world.person('gm')).user.id, role: 'gm' }),
  missing: async () => ({ id: 'usr_missing', role: 'gm' }),
};

let roles = 0;

export async function aRole(world: AuthorizationFixture): Promise<{ name: string }> {
  roles += 1;
  const name = `bard-${roles}`;
  const { client } = await world.person('admin');
  await client.post('/admin/roles', { name, description: 'Sings.', permissions: ['chat.use'] });
  return { name };
}

const role: Things = {
  own: async (_, caller) => ({ name: caller.user.roles[0] ?? '' }),
  other: aRole,
  missing: async () => ({ name: 'dragon' }),
};

const rolePermission: Things = {
  own: async (_, caller) => ({ name: caller.user.roles[0] ?? '', permission: 'chat.use' }),
  other: async (world) => ({ ...(await aRole(world)), permission: 'chat.use' }),
  missing: async () => ({ name: 'dragon', permission: 'chat.use' }),
};

export const userFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /admin/users': NOTHING,
  'GET /admin/users/{id}': { things: user },
  'PATCH /admin/users/{id}': { things: user, body: () => ({ display_name: 'Renamed' }) },
  'DELETE /admin/users/{id}': { things: user },
  'POST /admin/users/{id}/roles': { things: user, body: () => ({ role: 'player' }) },
  'DELETE /admin/users/{id}/roles/{role}': { things: held },
  'POST /admin/users/{id}/password-link': { things: user },
  'POST /admin/users/{id}/logout-all': { things: user },
  'DELETE /admin/users/{id}/tokens': { things: user },
  'POST /admin/users/{id}/unlock': { things: user },
};

export const roleFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /admin/roles': NOTHING,
  'POST /admin/roles': { body: () => ({ name: newId('user').replace('usr_', 'role-'), description: 'New.' }) },
  'GET /admin/roles/{name}': { things: role },
  'PATCH /admin/roles/{name}': { things: role, body: () => ({ description: 'Sings loudly.' }) },
  'DELETE /admin/roles/{name}': { things: role },
  'PUT /admin/roles/{name}/permissions/{permission}': { things: rolePermission },
  'DELETE /admin/roles/{name}/permissions/{permission}': { things: rolePermission },
  'GET /admin/permissions': NOTHING,
};

export const auditFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /admin/stats': NOTHING,
  'GET /admin/audit': NOTHING,
  'GET /admin/audit/export': NOTHING,
};
