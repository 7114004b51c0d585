/** Lists the workspaces that the actor is a member of. */
import type { UserActor } from '#domain/shared/actor.ts';
import { requireMember, type SeenWorkspace } from '#domain/workspaces/policy.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { WorkspaceCursor, Workspaces } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ workspaces: Pick<Workspaces, 'list'> }> }>;

export class ListWorkspaces {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns a page, newest first. */
  async execute(actor: UserActor, page: PageRequest<WorkspaceCursor>): Promise<Page<SeenWorkspace, WorkspaceCursor>> {
    const ids = actor.workspaces.map(({ id }) => id);
    const { items, next } = await this.#deps.reads.workspaces.list(ids, page);
    return { items: items.map((workspace) => ({ workspace, myRole: requireMember(actor, workspace.id) })), next };
  }
}
