/** Reads one workspace, for its members. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { SeenWorkspace } from '#domain/workspaces/policy.ts';
import type { Workspaces } from './ports.ts';
import { visibleWorkspace } from './workspace-access.ts';

type Deps = Readonly<{ reads: Readonly<{ workspaces: Pick<Workspaces, 'find'> }> }>;

export class ReadWorkspace {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 404 `workspace_not_found`. */
  async execute(actor: UserActor, id: WorkspaceId): Promise<SeenWorkspace> {
    return visibleWorkspace(this.#deps.reads, actor, id);
  }
}
