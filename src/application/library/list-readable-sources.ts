/** Lists the sources that the actor may read at this moment, each with the kind and end of their right. */
import { type ReadableSource, readable } from '#domain/library/source-access.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { SourceAccesses, SourceCursor, Sources } from './ports.ts';

type Deps = Readonly<{
  reads: Readonly<{ sources: Pick<Sources, 'listReadable'>; sourceAccesses: Pick<SourceAccesses, 'findByUser'> }>;
  clock: Clock;
}>;

export class ListReadableSources {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page, newest source first. A page can have fewer items than `limit` although there is a next one. Throws
   * 403 without `sources.read`.
   */
  async execute(actor: UserActor, page: PageRequest<SourceCursor>): Promise<Page<ReadableSource, SourceCursor>> {
    requirePermission(actor, 'sources.read');
    const { reads, clock } = this.#deps;
    const now = clock.now();
    const { items, next } = await reads.sources.listReadable(actor.userId, now, page);
    const accesses = await reads.sourceAccesses.findByUser(
      actor.userId,
      items.map((source) => source.id),
    );
    const bySource = new Map(accesses.map((access) => [access.sourceId, access]));
    // A licence that was revoked between the two reads makes its source null here.
    const sources = items.map((source) => readable(source, bySource.get(source.id), now));
    return { items: sources.filter((source) => source !== null), next };
  }
}
