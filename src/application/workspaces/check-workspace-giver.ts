/** Refuses whoever could not give a role in a workspace now: for the answer to what they asked before. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import { requireGiver } from '#domain/workspaces/policy.ts';
import { type MemberRepos, roleOfMember } from './workspace-access.ts';

type Deps = Readonly<{ reads: MemberRepos }>;

export class CheckWorkspaceGiver {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 404 `workspace_not_found`; 403 `workspace_admin_required`, `workspace_owner_required`. */
  async execute(actor: UserActor, id: WorkspaceId, role: WorkspaceRole): Promise<void> {
    requireGiver(await roleOfMember(this.#deps.reads, actor, id), role);
  }
}
