/** Membership in a workspace as it is in a unit of work: an actor's rights are of the moment when they were let in. */
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';

type Members = Readonly<{ find(workspaceId: WorkspaceId, userId: UserId): Promise<unknown> }>;

/** Throws 404 `workspace_not_found` where the user has left the workspace meanwhile, or it is gone. */
export async function requireStillMember(members: Members, workspaceId: WorkspaceId, userId: UserId): Promise<void> {
  if ((await members.find(workspaceId, userId)) === undefined) throw workspaceNotFound();
}
