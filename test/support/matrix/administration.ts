/** How to call the routes of administration. */
import { tokens } from '#infrastructure/tokens.ts';
import { newId } from '../records.ts';
import { NOTHING, type RouteFixture } from './fixture.ts';
import type { Person, World } from './world.ts';

/** The caller himself, a player, and nobody. */
const user = {
  own: async (_: World, caller: Person) => ({ id: caller.user.id }),
  other: async (world: World) => ({ id: (await world.person('player')).user.id }),
  missing: async () => ({ id: 'usr_missing' }),
};

/** Of the other two things of a user, the role in the path is one that he has. */
const userRole = {
  own: async (_: World, caller: Person) => ({ id: caller.user.id, role: 'player' }),
  other: async (world: World) => ({ id: (await world.person('player')).user.id, role: 'player' }),
  missing: async () => ({ id: 'usr_missing', role: 'player' }),
};

async function aRole(world: World): Promise<{ name: string }> {
  const name = newId('source').replaceAll('_', '-');
  await world.container
    .get(tokens.unitOfWork)
    .run(({ roles }) => roles.save({ name, description: '', builtin: false, permissions: ['chat.use'] }));
  return { name };
}

/** A role that the caller holds, one of an admin's making, and none. */
const role = {
  own: async (_: World, caller: Person) => ({ name: caller.user.roles[0] as string }),
  other: aRole,
  missing: async () => ({ name: 'dragon' }),
};
const rolePermission = {
  own: async (world: World, caller: Person) => ({ ...(await role.own(world, caller)), permission: 'chat.use' }),
  other: async (world: World) => ({ ...(await aRole(world)), permission: 'chat.use' }),
  missing: async () => ({ name: 'dragon', permission: 'chat.use' }),
};

export const administrationFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /admin/users': NOTHING,
  'GET /admin/users/{id}': { things: user },
  'PATCH /admin/users/{id}': { things: user, body: () => ({ display_name: 'Another name' }) },
  'DELETE /admin/users/{id}': { things: user },
  'POST /admin/users/{id}/roles': { things: user, body: () => ({ role: 'player' }) },
  'DELETE /admin/users/{id}/roles/{role}': { things: userRole },
  'GET /admin/roles': NOTHING,
  'POST /admin/roles': { body: () => ({ name: newId('source').replaceAll('_', '-') }) },
  'GET /admin/roles/{name}': { things: role },
  'PATCH /admin/roles/{name}': { things: role, body: () => ({ description: 'Sings.' }) },
  'DELETE /admin/roles/{name}': { things: role },
  'PUT /admin/roles/{name}/permissions/{permission}': { things: rolePermission },
  'DELETE /admin/roles/{name}/permissions/{permission}': { things: rolePermission },
  'GET /admin/permissions': NOTHING,
  'GET /admin/audit': NOTHING,
  'GET /admin/audit/export': NOTHING,
  'GET /admin/stats': NOTHING,
};
