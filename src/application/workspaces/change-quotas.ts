/** Changes how much a workspace may use up: for those who run the installation, and not for its owners. */
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { quotaFacts } from '#domain/workspaces/audit-facts.ts';
import { CREATE_WORKSPACES } from '#domain/workspaces/policy.ts';
import { allUsages, type QuotaLimits, type QuotaUsage } from '#domain/workspaces/quota.ts';
import { type AuditEntries, type AuditLog, changedFacts } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { Quotas } from './ports.ts';
import { type MemberRepos, roleOfMember } from './workspace-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<MemberRepos & { quotas: Pick<Quotas, 'list' | 'saveLimits'>; audit: AuditLog }>;
  audit: AuditEntries;
  clock: Clock;
}>;

export class ChangeQuotas {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Limits that are left out stay. A limit below what is used takes nothing away: there is only no more. Throws 403
   * without `workspaces.create`; 404 `workspace_not_found`.
   */
  async execute(actor: UserActor, id: WorkspaceId, limits: QuotaLimits): Promise<readonly QuotaUsage[]> {
    requirePermission(actor, CREATE_WORKSPACES);
    const { unitOfWork, audit, clock } = this.#deps;
    const now = clock.now();
    const entry = audit.by(actor, { action: 'workspaces.quotas', subject: `workspace:${id}` });
    return unitOfWork.run(async (repos) => {
      await roleOfMember(repos, actor, id);
      const before = allUsages(await repos.quotas.list(id), now);
      await repos.quotas.saveLimits(id, limits);
      const after = allUsages(await repos.quotas.list(id), now);
      const changes = changedFacts(quotaFacts(before), quotaFacts(after));
      if (changes !== null) await repos.audit.add({ ...entry, ...changes });
      return after;
    });
  }
}
