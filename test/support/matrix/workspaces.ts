/** How to call the routes of workspaces, their members and invitations. */
import type { WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import type { AuthorizationFixture, Person } from './authorization-fixture.ts';
import { NOTHING, type RouteFixture, type Things } from './fixture.ts';

/** A workspace in which the caller has a role, or none. */
async function aWorkspace(
  world: AuthorizationFixture,
  caller: Person,
  role: WorkspaceRole | null,
): Promise<{ id: string; owner: Person }> {
  const owner = await world.person('admin');
  const { id } = (await owner.client.post('/workspaces', { name: 'The North' })).body;
  if (role !== null) await owner.client.post(`/workspaces/${id}/members`, { user_id: caller.user.id, role });
  return { id, owner };
}

const workspace: Things = {
  own: async (world, caller) => ({ id: (await aWorkspace(world, caller, 'owner')).id }),
  managed: async (world, caller) => ({ id: (await aWorkspace(world, caller, 'admin')).id }),
  joined: async (world, caller) => ({ id: (await aWorkspace(world, caller, 'reader')).id }),
  home: async () => ({ id: 'wsp_home' }),
  other: async (world, caller) => ({ id: (await aWorkspace(world, caller, null)).id }),
  missing: async () => ({ id: 'wsp_missing' }),
};

/** A reader of a workspace in which the caller has a role, or none. */
async function aMember(world: AuthorizationFixture, caller: Person, role: WorkspaceRole | null) {
  const { id, owner } = await aWorkspace(world, caller, role);
  const { user } = await world.person('player');
  await owner.client.post(`/workspaces/${id}/members`, { user_id: user.id, role: 'reader' });
  return { id, user_id: user.id };
}

const member: Things = {
  own: (world, caller) => aMember(world, caller, 'owner'),
  managed: (world, caller) => aMember(world, caller, 'admin'),
  joined: (world, caller) => aMember(world, caller, 'editor'),
  themselves: async (world, caller) => ({
    id: (await aWorkspace(world, caller, 'reader')).id,
    user_id: caller.user.id,
  }),
  home: async (world) => ({ id: 'wsp_home', user_id: (await world.person('player')).user.id }),
  other: (world, caller) => aMember(world, caller, null),
  missing: async () => ({ id: 'wsp_missing', user_id: 'usr_missing' }),
};

async function anInvitation(world: AuthorizationFixture, caller: Person, role: WorkspaceRole | null) {
  const { id, owner } = await aWorkspace(world, caller, role);
  const { body } = await owner.client.post(`/workspaces/${id}/invitations`, {});
  return { id, invitation_id: body.id as string, code: body.code as string };
}

const invitation: Things = {
  own: (world, caller) => anInvitation(world, caller, 'owner'),
  managed: (world, caller) => anInvitation(world, caller, 'admin'),
  joined: (world, caller) => anInvitation(world, caller, 'editor'),
  other: (world, caller) => anInvitation(world, caller, null),
  missing: async () => ({ id: 'wsp_missing', invitation_id: 'inv_missing' }),
};

const anEditor = () => ({ role: 'editor' });

export const workspaceFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /workspaces': NOTHING,
  'POST /workspaces': { body: () => ({ name: 'Another workspace' }) },
  'GET /workspaces/{id}': { things: workspace },
  'PATCH /workspaces/{id}': { things: workspace, body: () => ({ name: 'Renamed' }) },
  'DELETE /workspaces/{id}': { things: workspace },
  'GET /workspaces/{id}/usage': { things: workspace },
  'PATCH /workspaces/{id}/quotas': { things: workspace, body: () => ({ sources: 1_000_000, stored_bytes: null }) },
  'GET /workspaces/{id}/members': { things: workspace },
  'POST /workspaces/{id}/members': {
    things: workspace,
    body: async (_, __, world) => ({ user_id: (await world.person('player')).user.id, role: 'reader' }),
  },
  'PATCH /workspaces/{id}/members/{user_id}': { things: member, body: anEditor },
  'DELETE /workspaces/{id}/members/{user_id}': { things: member },
  'POST /workspaces/{id}/invitations': { things: workspace, body: () => ({}) },
  'GET /workspaces/{id}/invitations': { things: workspace },
  'DELETE /workspaces/{id}/invitations/{invitation_id}': { things: invitation },
};
