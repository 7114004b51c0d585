/** Reads one source of the library. */
import type { Source } from '#domain/library/source.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { Sources } from './ports.ts';
import { visibleSource } from './source-access.ts';

type Deps = Readonly<{ reads: Readonly<{ sources: Pick<Sources, 'find'> }> }>;

export class ReadSource {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `sources.read`; 404 `source_not_found`. */
  async execute(actor: UserActor, id: SourceId): Promise<Source> {
    requirePermission(actor, 'sources.read');
    return visibleSource(this.#deps.reads.sources, actor, id);
  }
}
