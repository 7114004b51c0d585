/** How to call the routes of games, their members and invitations. */

import type { AuthorizationFixture, Person } from './authorization-fixture.ts';
import { NOTHING, type RouteFixture, type Things } from './fixture.ts';

/** A game in which the caller has a role, or none. */
export async function aGame(
  world: AuthorizationFixture,
  caller: Person,
  role: 'gm' | 'player' | null,
): Promise<{ id: string; gm: Person }> {
  const gm = await world.person('gm');
  const { id } = (await gm.client.post('/games', { name: 'The Sunken Crypt' })).body;
  if (role !== null) await gm.client.post(`/games/${id}/members`, { user_id: caller.user.id, role_in_game: role });
  return { id, gm };
}

const game: Things = {
  own: async (world, caller) => ({ id: (await aGame(world, caller, 'gm')).id }),
  joined: async (world, caller) => ({ id: (await aGame(world, caller, 'player')).id }),
  other: async (world, caller) => ({ id: (await aGame(world, caller, null)).id }),
  missing: async () => ({ id: 'gam_missing' }),
};

/** A player of a game in which the caller has a role, or none. */
async function aMember(world: AuthorizationFixture, caller: Person, role: 'gm' | 'player' | null) {
  const { id, gm } = await aGame(world, caller, role);
  const { user } = await world.person('player');
  await gm.client.post(`/games/${id}/members`, { user_id: user.id, role_in_game: 'player' });
  return { id, user_id: user.id };
}

const member: Things = {
  own: (world, caller) => aMember(world, caller, 'gm'),
  joined: (world, caller) => aMember(world, caller, 'player'),
  themselves: async (world, caller) => ({ id: (await aGame(world, caller, 'player')).id, user_id: caller.user.id }),
  other: (world, caller) => aMember(world, caller, null),
  missing: async () => ({ id: 'gam_missing', user_id: 'usr_missing' }),
};

async function anInvitation(world: AuthorizationFixture, caller: Person, role: 'gm' | 'player' | null) {
  const { id, gm } = await aGame(world, caller, role);
  const { body } = await gm.client.post(`/games/${id}/invitations`, {});
  return { id, invitation_id: body.id as string, code: body.code as string };
}

const invitation: Things = {
  own: (world, caller) => anInvitation(world, caller, 'gm'),
  joined: (world, caller) => anInvitation(world, caller, 'player'),
  other: (world, caller) => anInvitation(world, caller, null),
  missing: async () => ({ id: 'gam_missing', invitation_id: 'inv_missing' }),
};

/** Whoever has the code may use it. */
const code: Things = {
  valid: (world, caller) => anInvitation(world, caller, null),
  missing: async () => ({ code: 'A'.repeat(43) }),
};

const aRole = () => ({ role_in_game: 'gm' });

export const gameFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /games': NOTHING,
  'POST /games': { body: () => ({ name: 'Another game' }) },
  'GET /games/{id}': { things: game },
  'PATCH /games/{id}': { things: game, body: () => ({ name: 'Renamed' }) },
  'DELETE /games/{id}': { things: game },
  'GET /games/{id}/history': { things: game },
  'GET /games/{id}/members': { things: game },
  'POST /games/{id}/members': {
    things: game,
    body: async (_, __, world) => ({ user_id: (await world.person('player')).user.id, role_in_game: 'player' }),
  },
  'PATCH /games/{id}/members/{user_id}': { things: member, body: aRole },
  'DELETE /games/{id}/members/{user_id}': { things: member },
  'POST /games/{id}/invitations': { things: game, body: () => ({}) },
  'GET /games/{id}/invitations': { things: game },
  'DELETE /games/{id}/invitations/{invitation_id}': { things: invitation },
  'GET /invitations/{code}': { things: code },
  'POST /invitations/{code}/accept': { things: code },
  'POST /invitations/{code}/decline': { things: code },
};
