/** Renames a workspace. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { workspaceFacts } from '#domain/workspaces/audit-facts.ts';
import type { SeenWorkspace } from '#domain/workspaces/policy.ts';
import { type AuditEntries, type AuditLog, changedFacts } from '../shared/audit-log.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { Workspaces } from './ports.ts';
import { type MemberRepos, roleOfAdmin, visibleWorkspace } from './workspace-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<MemberRepos & { workspaces: Pick<Workspaces, 'find' | 'save'>; audit: AuditLog }>;
  audit: AuditEntries;
}>;

export class ChangeWorkspace {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns the changed workspace. Throws 404 `workspace_not_found`; 403 `workspace_admin_required`. */
  async execute(actor: UserActor, id: WorkspaceId, name: string): Promise<SeenWorkspace> {
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'workspaces.update', subject: `workspace:${id}` });
    return unitOfWork.run(async (repos) => {
      const { workspace } = await visibleWorkspace(repos, actor, id);
      const myRole = await roleOfAdmin(repos, actor, id);
      const changed = { ...workspace, name };
      const changes = changedFacts(workspaceFacts(workspace), workspaceFacts(changed));
      if (changes === null) return { workspace, myRole };
      await repos.workspaces.save(changed);
      await repos.audit.add({ ...entry, ...changes });
      return { workspace: changed, myRole };
    });
  }
}
