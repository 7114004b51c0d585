/** Lists the sources that the actor may read at this moment, each with the kind and end of their right. */
import type { ReadableSource } from '#domain/library/source-access.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { SourceCursor } from './ports.ts';
import type { ReadableSources } from './readable-sources.ts';

type Deps = Readonly<{ readableSources: Pick<ReadableSources, 'list'> }>;

export class ListReadableSources {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns a page as `ReadableSources.list` does. Throws 403 without `sources.read`. */
  async execute(actor: UserActor, page: PageRequest<SourceCursor>): Promise<Page<ReadableSource, SourceCursor>> {
    requirePermission(actor, 'sources.read');
    return this.#deps.readableSources.list(actor.userId, page);
  }
}
