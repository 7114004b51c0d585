/** What every context's stores put out of date in the cache, once; only the composition root reads it. */
import { principalArea, rightsInvalidations } from './identity/cached-rights.ts';
import { sourcesInvalidations } from './library/cached-sources.ts';
import type { Invalidations } from './shared/invalidating-unit-of-work.ts';
import type { WorkspaceMembers } from './workspaces/ports.ts';

/** Where a user is a member is cached with what they may do. */
const membersInvalidations: Invalidations<Readonly<{ workspaceMembers: WorkspaceMembers }>> = {
  workspaceMembers: {
    listByUser: null,
    find: null,
    getRole: null,
    list: null,
    countOwners: null,
    add:
      ({ userId }) =>
      (cache) =>
        cache.invalidate(principalArea, userId),
    save:
      ({ userId }) =>
      (cache) =>
        cache.invalidate(principalArea, userId),
    remove: (_workspaceId, userId) => (cache) => cache.invalidate(principalArea, userId),
    removeByUser: (userId) => (cache) => cache.invalidate(principalArea, userId),
  },
};

export const invalidations = { ...rightsInvalidations, ...sourcesInvalidations, ...membersInvalidations };
