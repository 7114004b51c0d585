/** Lists the sources of the library. */
import type { Source } from '#domain/library/source.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { SourceCursor, Sources } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ sources: Pick<Sources, 'list'> }> }>;

export class ListSources {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns a page, newest first. Throws 403 without `sources.read`. */
  async execute(actor: UserActor, page: PageRequest<SourceCursor>): Promise<Page<Source, SourceCursor>> {
    requirePermission(actor, 'sources.read');
    return this.#deps.reads.sources.list(page);
  }
}
