/** Reads what a workspace may use up and what is left, for its members. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { allUsages, type QuotaUsage } from '#domain/workspaces/quota.ts';
import type { Clock } from '../shared/clock.ts';
import type { Quotas, Workspaces } from './ports.ts';
import { visibleWorkspace } from './workspace-access.ts';

type Deps = Readonly<{
  reads: Readonly<{ workspaces: Pick<Workspaces, 'find'>; quotas: Pick<Quotas, 'list'> }>;
  clock: Clock;
}>;

export class ReadWorkspaceUsage {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 404 `workspace_not_found`. */
  async execute(actor: UserActor, id: WorkspaceId): Promise<readonly QuotaUsage[]> {
    const { reads, clock } = this.#deps;
    await visibleWorkspace(reads, actor, id);
    return allUsages(await reads.quotas.list(id), clock.now());
  }
}
