/** Lists the sources that an actor may read at this moment, each with the right by which he may. */
import { type ReadableSource, readable } from '#domain/library/source-access.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import type { Page } from '../shared/page.ts';
import type { SourceCursor, Sources } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ sources: Pick<Sources, 'listReadable'> }>; clock: Clock }>;

export class ListReadableSources {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** By title. What has expired by now, or has not begun, is not among them. */
  async execute(
    actor: Actor,
    page: Readonly<{ limit: number; cursor?: SourceCursor }>,
  ): Promise<Page<ReadableSource, SourceCursor>> {
    const now = this.#deps.clock.now();
    const { items, next } = await this.#deps.reads.sources.listReadable(actor.userId, now, page);
    const found = items.map(({ source, access }) => readable(source, access ?? undefined, now));
    return { items: found.filter((one) => one !== null), next };
  }
}
