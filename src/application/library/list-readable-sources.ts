/** Lists the sources that the actor may read at this moment, each with the kind and end of their right. */
import type { ReadableSource } from '#domain/library/source-access.ts';
import { requirePermission, type UserActor, workspaceFor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { SourceCursor } from './ports.ts';
import type { ReadableSources } from './readable-sources.ts';

type Deps = Readonly<{ readableSources: Pick<ReadableSources, 'list'> }>;

export class ListReadableSources {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page as `ReadableSources.list` does, of the actor's first workspace where none is named. Throws 403
   * without `sources.read`; 404 `workspace_not_found`.
   */
  async execute(
    actor: UserActor,
    { workspaceId, ...page }: PageRequest<SourceCursor> & Readonly<{ workspaceId?: WorkspaceId | undefined }>,
  ): Promise<Page<ReadableSource, SourceCursor>> {
    requirePermission(actor, 'sources.read');
    return this.#deps.readableSources.list(actor.userId, workspaceFor(actor, workspaceId), page);
  }
}
