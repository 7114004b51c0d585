/** Looks up what a user may read at this moment, and caches it until something about it changes. */
import { type ReadableSource, readable } from '#domain/library/source-access.ts';
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import type { ReadThroughCache } from '../shared/cache.ts';
import type { Clock } from '../shared/clock.ts';
import { type Page, type PageRequest, pageOfAll } from '../shared/page.ts';
import { type CachedSources, readableSourcesArea, readerKey } from './cached-sources.ts';
import type { SourceAccesses, SourceCursor, Sources } from './ports.ts';

/** Whoever may read more sources than this has them read from the store, page by page. */
const MAX_CACHED = 200;

type Deps = Readonly<{
  reads: Readonly<{
    sources: Pick<Sources, 'listReadable'>;
    sourceAccesses: Pick<SourceAccesses, 'findByUser' | 'findNextStart'>;
  }>;
  cache: Pick<ReadThroughCache, 'get'>;
  clock: Clock;
}>;

/** Who reads where. */
type Reader = Readonly<{ userId: UserId; workspaceId: WorkspaceId }>;

export class ReadableSources {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * A page of a workspace's, newest source first, for a member. It can have fewer items than `limit` although there is
   * a next one.
   */
  async list(
    userId: UserId,
    workspaceId: WorkspaceId,
    page: PageRequest<SourceCursor>,
  ): Promise<Page<ReadableSource, SourceCursor>> {
    const reader = { userId, workspaceId };
    const key = readerKey(workspaceId, userId);
    const { sources } = await this.#deps.cache.get(readableSourcesArea, key, () => this.#load(reader));
    if (sources === null) return this.#page(reader, page);
    return pageOfAll(sources, page, ({ source }) => ({ at: source.createdAt, id: source.id }), isOlder);
  }

  async #load(reader: Reader): Promise<CachedSources> {
    const { reads, clock } = this.#deps;
    const now = clock.now();
    const { items, next } = await this.#page(reader, { limit: MAX_CACHED });
    if (next !== null) return { sources: null, changesAt: null };
    const starts = await reads.sourceAccesses.findNextStart(reader.userId, now);
    const ends = items.map(({ expiresAt }) => expiresAt);
    return { sources: items, changesAt: earliestOf([starts ?? null, ...ends]) };
  }

  async #page(
    { userId, workspaceId }: Reader,
    page: PageRequest<SourceCursor>,
  ): Promise<Page<ReadableSource, SourceCursor>> {
    const { reads, clock } = this.#deps;
    const now = clock.now();
    const { items, next } = await reads.sources.listReadable(workspaceId, { userId, now }, page);
    const ids = items.map(({ id }) => id);
    const accesses = await reads.sourceAccesses.findByUser(userId, ids);
    const bySource = new Map(accesses.map((access) => [access.sourceId, access]));
    // A licence that was revoked between the two reads makes its source null here.
    const sources = items.map((source) => readable(source, bySource.get(source.id), now));
    return { items: sources.filter((source) => source !== null), next };
  }
}

function isOlder(one: SourceCursor, other: SourceCursor): boolean {
  const [at, otherAt] = [one.at.getTime(), other.at.getTime()];
  return at === otherAt ? one.id < other.id : at < otherAt;
}

function earliestOf(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce(
    (earliest, date) => (earliest === null || (date !== null && date < earliest) ? date : earliest),
    null,
  );
}
