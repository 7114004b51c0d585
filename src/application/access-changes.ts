/** Which calls may end what somebody is reading just now, once for every store; only the composition root reads it. */
import type { Repos } from './repos.ts';
import type { AccessChange } from './shared/access/access-change.ts';
import type { CallTable } from './shared/watched-stores.ts';

type Watched = Pick<Repos, 'users' | 'roles' | 'apiTokens' | 'workspaceMembers' | 'games' | 'memberships' | 'threads'>;

const ofUser = (id: string): AccessChange => ({ of: 'user', id });

/** What gives access, or leaves it as it is, is null. */
export const accessChanges: CallTable<Watched, AccessChange> = {
  users: {
    find: null,
    findByLogin: null,
    list: null,
    isHeld: null,
    countActiveWithRole: null,
    add: null,
    save: (user) => ofUser(user.id),
    remove: (id) => ofUser(id),
  },
  roles: {
    find: null,
    list: null,
    countOwn: null,
    save: () => ({ of: 'everybody' }),
    // Nobody holds it by then.
    remove: null,
  },
  apiTokens: {
    find: null,
    findByDigest: null,
    listByUser: null,
    countUsable: null,
    add: null,
    addUses: null,
    endByUser: (userId) => ofUser(userId),
    save: (token) => ofUser(token.userId),
  },
  workspaceMembers: {
    listByUser: null,
    find: null,
    getRole: null,
    list: null,
    countOwners: null,
    add: null,
    // Whatever their role, members read.
    save: null,
    // In Home, who loses their row stays a reader: to look again does no harm.
    remove: (_workspaceId, userId) => ofUser(userId),
    removeByUser: (userId) => ofUser(userId),
  },
  games: {
    find: null,
    list: null,
    add: null,
    save: null,
    remove: (id) => ({ of: 'game', id }),
  },
  memberships: {
    findRole: null,
    getWorkspace: null,
    find: null,
    list: null,
    countGms: null,
    countActiveGms: null,
    add: null,
    // Whatever their role, members read.
    save: null,
    remove: (_gameId, userId) => ofUser(userId),
    removeByUser: (userId) => ofUser(userId),
    removeFromWorkspace: (userId) => ofUser(userId),
  },
  threads: {
    find: null,
    add: null,
    save: null,
    remove: (id) => ({ of: 'thread', id }),
    removePrivate: (ownerId) => ofUser(ownerId),
    countByOwner: null,
    transferOwnership: (ownerId) => ofUser(ownerId),
    transferInWorkspace: (ownerId) => ofUser(ownerId),
    // Nobody sees them by then.
    removeByWorkspace: null,
  },
};
