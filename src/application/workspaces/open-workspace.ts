/** Opens a workspace, with the actor as its first owner. */
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import { workspaceFacts } from '#domain/workspaces/audit-facts.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import { CREATE_WORKSPACES, type SeenWorkspace } from '#domain/workspaces/policy.ts';
import type { Workspace } from '#domain/workspaces/workspace.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { IdempotencyKeys, ToStoredResponse } from '../shared/idempotency.ts';
import type { Ids } from '../shared/ids.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { WorkspaceMembers, Workspaces } from './ports.ts';

/** Whether there are others than Home. */
export type WorkspaceMode = 'single' | 'multi';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    workspaces: Pick<Workspaces, 'add'>;
    workspaceMembers: Pick<WorkspaceMembers, 'add'>;
    audit: AuditLog;
    idempotency: IdempotencyKeys;
  }>;
  mode: WorkspaceMode;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export class OpenWorkspace {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns the new workspace. Throws 403 without `workspaces.create`, or `single_workspace`. */
  async execute(
    actor: UserActor,
    name: string,
    toStoredResponse?: ToStoredResponse<SeenWorkspace>,
  ): Promise<SeenWorkspace> {
    requirePermission(actor, CREATE_WORKSPACES);
    const { unitOfWork, mode, audit, clock, ids } = this.#deps;
    if (mode === 'single') throw workspaceErrors.singleWorkspace();
    const id = ids.next('workspace');
    const { userId } = actor;
    const workspace: Workspace = { id, name, createdByUserId: userId, createdAt: clock.now() };
    const opened: SeenWorkspace = { workspace, myRole: 'owner' };
    const subject = `workspace:${id}`;
    const entry = audit.by(actor, { action: 'workspaces.create', subject, after: workspaceFacts(workspace) });
    await unitOfWork.run(async (repos) => {
      await repos.workspaces.add(workspace);
      await repos.workspaceMembers.add({ workspaceId: id, userId, role: 'owner', joinedAt: workspace.createdAt });
      await repos.audit.add(entry);
      if (toStoredResponse !== undefined) await repos.idempotency.add(toStoredResponse(opened));
    });
    return opened;
  }
}
