/** Finds a workspace and checks the actor's access to it: the first step of every use case on a workspace. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { type WorkspaceRole, workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import { requireAdmin, requireMember, type SeenWorkspace } from '#domain/workspaces/policy.ts';
import type { WorkspaceMember } from '#domain/workspaces/workspace.ts';
import type { WorkspaceMembers, Workspaces } from './ports.ts';

/** Returns the workspace. Throws 404 `workspace_not_found` for a non-member, whether or not the workspace exists. */
export async function visibleWorkspace(
  { workspaces }: Readonly<{ workspaces: Pick<Workspaces, 'find'> }>,
  actor: UserActor,
  id: WorkspaceId,
): Promise<SeenWorkspace> {
  const myRole = requireMember(actor, id);
  const workspace = await workspaces.find(id);
  if (workspace === undefined) throw workspaceNotFound();
  return { workspace, myRole };
}

/** What the rights of a member are looked up in, in the unit of work that stands on them. */
export type MemberRepos = Readonly<{ workspaceMembers: Pick<WorkspaceMembers, 'find'> }>;

/**
 * Returns the actor's role as it is in this unit of work: of two who change members at once, the second sees what the
 * first has done. Throws 404 `workspace_not_found`; 403 `workspace_admin_required`.
 */
export async function roleOfAdmin(repos: MemberRepos, actor: UserActor, id: WorkspaceId): Promise<WorkspaceRole> {
  const role = await roleOfMember(repos, actor, id);
  requireAdmin(role);
  return role;
}

/** The same for any member. Throws 404 `workspace_not_found`. */
export async function roleOfMember(repos: MemberRepos, actor: UserActor, id: WorkspaceId): Promise<WorkspaceRole> {
  requireMember(actor, id);
  const member = await repos.workspaceMembers.find(id, actor.userId);
  if (member === undefined) throw workspaceNotFound();
  return member.role;
}

/** Returns the member. Throws 404 `workspace_member_not_found`. */
export async function getWorkspaceMember(
  { workspaceMembers }: MemberRepos,
  workspaceId: WorkspaceId,
  userId: UserId,
): Promise<WorkspaceMember> {
  const member = await workspaceMembers.find(workspaceId, userId);
  if (member === undefined) throw workspaceErrors.memberNotFound();
  return member;
}
