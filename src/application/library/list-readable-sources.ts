/** Lists the sources that an actor may read at this moment, each with the right by which they may. */
import { type ReadableSource, readable } from '#domain/library/source-access.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import type { Page } from '../shared/page.ts';
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

  /** Newest first. What has expired by now, or has not begun, is not among them. */
  async execute(
    actor: UserActor,
    page: Readonly<{ limit: number; cursor?: SourceCursor }>,
  ): Promise<Page<ReadableSource, SourceCursor>> {
    const { reads, clock } = this.#deps;
    const now = clock.now();
    const { items, next } = await reads.sources.listReadable(actor.userId, now, page);
    const accesses = await reads.sourceAccesses.findByUser(
      actor.userId,
      items.map((source) => source.id),
    );
    const bySource = new Map(accesses.map((access) => [access.sourceId, access]));
    // What was taken back between the two reads is left out.
    const found = items.map((source) => readable(source, bySource.get(source.id), now));
    return { items: found.filter((one) => one !== null), next };
  }
}
