/** Lists the sources of a workspace. */
import type { Source } from '#domain/library/source.ts';
import { requirePermission, type UserActor, workspaceFor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { SourceCursor, Sources } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ sources: Pick<Sources, 'list'> }> }>;

export class ListSources {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page, newest first, of the actor's first workspace where none is named. Throws 403 without
   * `sources.read`; 404 `workspace_not_found`.
   */
  async execute(
    actor: UserActor,
    { workspaceId, ...page }: PageRequest<SourceCursor> & Readonly<{ workspaceId?: WorkspaceId | undefined }>,
  ): Promise<Page<Source, SourceCursor>> {
    requirePermission(actor, 'sources.read');
    return this.#deps.reads.sources.list(workspaceFor(actor, workspaceId), page);
  }
}
