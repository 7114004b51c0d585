/** Deletes an empty workspace, with its memberships and invitations. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { workspaceFacts } from '#domain/workspaces/audit-facts.ts';
import { requireGiver } from '#domain/workspaces/policy.ts';
import { checkEmpty, checkNotHome } from '#domain/workspaces/workspace.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { ThreadsOfWorkspaces, Workspaces } from './ports.ts';
import { type MemberRepos, roleOfMember, visibleWorkspace } from './workspace-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<
    MemberRepos & {
      workspaces: Pick<Workspaces, 'find' | 'countContents' | 'remove'>;
      threads: Pick<ThreadsOfWorkspaces, 'removeByWorkspace'>;
      audit: AuditLog;
    }
  >;
  audit: AuditEntries;
  clock: Clock;
}>;

export class DeleteWorkspace {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Conversations that former members have left behind go with it: nobody could see them any more. Throws 404
   * `workspace_not_found`; 403 `workspace_admin_required`, `workspace_owner_required`; 409 `home_workspace`,
   * `workspace_not_empty`.
   */
  async execute(actor: UserActor, id: WorkspaceId): Promise<void> {
    const { unitOfWork, audit, clock } = this.#deps;
    const now = clock.now();
    const entry = audit.by(actor, { action: 'workspaces.delete', subject: `workspace:${id}` });
    await unitOfWork.run(async (repos) => {
      const { workspace } = await visibleWorkspace(repos, actor, id);
      requireGiver(await roleOfMember(repos, actor, id), 'owner');
      checkNotHome(id);
      checkEmpty(await repos.workspaces.countContents(id));
      await repos.threads.removeByWorkspace(id, now);
      await repos.workspaces.remove(id);
      await repos.audit.add({ ...entry, before: workspaceFacts(workspace) });
    });
  }
}
