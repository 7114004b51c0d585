/** The roles that a user can have in a workspace, and the rights that they give there. */
import { refusal } from './domain-error.ts';
import type { WorkspaceId } from './ids.ts';

/** The highest first: each may do what those behind it may. */
export const WORKSPACE_ROLES = ['owner', 'admin', 'editor', 'reader'] as const;
export type WorkspaceRole = (typeof WORKSPACE_ROLES)[number];

/** The workspace of every installation. Every user is a member of it, without a row that says so. */
export const HOME_ID = 'wsp_home' as WorkspaceId;

const MANAGED = ['sources.write', 'sources.grant', 'games.manage'] as const;
const ADDED: Readonly<Record<WorkspaceRole, readonly string[]>> = {
  owner: MANAGED,
  admin: MANAGED,
  editor: ['sources.write'],
  reader: [],
};

/** The permissions that are about what workspaces own: the only ones of a token that is bound to a workspace. */
export const WORKSPACE_PERMISSIONS: readonly string[] = [
  ...MANAGED,
  'sources.read',
  'games.use',
  'games.create',
  'chat.use',
  'chat.compact',
];

/** A user's role in one workspace, with the permissions that they hold there alone. */
export type WorkspaceRight = Readonly<{ id: WorkspaceId; role: WorkspaceRole; permissions: readonly string[] }>;

/** What a row says of a membership. */
type StoredRole = Readonly<{ workspaceId: WorkspaceId; role: WorkspaceRole }>;

export const workspaceNotFound = refusal('not_found', 'workspace_not_found', 'There is no such workspace.');

/** The rights of a user: Home first, then `stored` in its order. `runsAll`: whether they have the role `admin`. */
export function workspaceRights(stored: readonly StoredRole[], runsAll: boolean): readonly WorkspaceRight[] {
  const home = stored.find(({ workspaceId }) => workspaceId === HOME_ID);
  const others = stored.filter(({ workspaceId }) => workspaceId !== HOME_ID);
  return [
    rightOf(HOME_ID, roleInHome(home?.role, runsAll)),
    ...others.map(({ workspaceId, role }) => rightOf(workspaceId, role)),
  ];
}

function rightOf(id: WorkspaceId, role: WorkspaceRole): WorkspaceRight {
  return { id, role, permissions: ADDED[role] };
}

/** What a role adds, within its workspace, to what its holder may do everywhere. */
export function permissionsAddedBy(role: WorkspaceRole): readonly string[] {
  return ADDED[role];
}

/** Everybody is a reader of Home, whoever has the role `admin` an owner; a row may say more, and never less. */
export function roleInHome(stored: WorkspaceRole | undefined, runsAll: boolean): WorkspaceRole {
  return runsAll ? 'owner' : (stored ?? 'reader');
}

/** Whether a role is no lower than another. */
export function isAtLeast(role: WorkspaceRole, least: WorkspaceRole): boolean {
  return WORKSPACE_ROLES.indexOf(role) <= WORKSPACE_ROLES.indexOf(least);
}
