/** What a user may read, cached until something about it changes, and which calls put it out of date. */
import { cacheArea } from '#application/shared/cache.ts';
import type { Invalidations } from '#application/shared/invalidating-unit-of-work.ts';
import type { ReadableSource } from '#domain/library/source-access.ts';
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import type { SourceAccesses, Sources } from './ports.ts';

/** A bound on how long a change that this product did not make itself could go unseen. */
const TTL_MS = 60_000;

/** All sources of a workspace that a user may read, newest first; null where they are too many to be cached. */
export type CachedSources = Readonly<{
  sources: readonly ReadableSource[] | null;
  /** When the next licence begins or ends. */
  changesAt: Date | null;
}>;

/** By `readerKey`. */
export const readableSourcesArea = cacheArea<CachedSources>({
  name: 'sources',
  ttlMs: ({ changesAt }, now) => (changesAt === null ? TTL_MS : Math.min(TTL_MS, changesAt.getTime() - now.getTime())),
});

export function readerKey(workspaceId: WorkspaceId, userId: UserId): string {
  return `${workspaceId} ${userId}`;
}

/** A source may be included, so that a change of one changes what everybody may read. */
export const sourcesInvalidations: Invalidations<Readonly<{ sources: Sources; sourceAccesses: SourceAccesses }>> = {
  sources: {
    find: null,
    list: null,
    listReadable: null,
    add: () => (cache) => cache.clear(readableSourcesArea),
    save: () => (cache) => cache.clear(readableSourcesArea),
    remove: () => (cache) => cache.clear(readableSourcesArea),
  },
  sourceAccesses: {
    find: null,
    findByUser: null,
    findNextStart: null,
    list: null,
    save:
      ({ userId }, workspaceId) =>
      (cache) =>
        cache.invalidate(readableSourcesArea, readerKey(workspaceId, userId)),
  },
};
