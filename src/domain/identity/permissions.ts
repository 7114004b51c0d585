/** All permissions, and the built-in roles. Code checks permissions, never role names. */

/** Each permission with its description, as administrators read it. */
export const PERMISSIONS = {
  'users.read': 'See all users.',
  'users.write': 'Create, change, disable and delete users.',
  'roles.read': 'See roles and the permissions in them.',
  'roles.write': 'Create, change and delete roles of your own making.',
  'roles.assign': 'Give roles to users and take them away.',
  'sessions.revoke': 'End the sessions of other users.',
  'games.use': 'Take part in games, and lead those that you are a GM of.',
  'games.manage': 'Manage every game of your workspaces, without reading its conversations.',
  'games.create': 'Open games.',
  'sources.read': 'See the library of your workspaces.',
  'sources.write': 'Add, change and remove sources of your workspaces.',
  'sources.grant': 'Give members of your workspaces licences to sources.',
  'workspaces.create': 'Open workspaces, and say how much each may use up.',
  'audit.read': 'Read the audit log.',
  'system.read': 'See counts, metrics, the adapters in use and the jobs of everybody.',
  'jobs.manage': 'Cancel the jobs of others, and try them again.',
  'chat.use': 'Hold conversations.',
  'chat.compact': 'Compact a conversation by hand.',
} as const;

export type Permission = keyof typeof PERMISSIONS;

/** A named set of permissions. `builtin`: declared in code, and not to be changed. */
export type Role = Readonly<{
  name: string;
  description: string;
  builtin: boolean;
  permissions: readonly Permission[];
}>;

/** The permissions that every built-in role includes. */
const BASE_PERMISSIONS = ['sources.read', 'chat.use', 'games.use'] as const;

/** The roles of every installation. They cannot be changed. */
export const BUILTIN_ROLES: readonly Role[] = [
  {
    name: 'admin',
    description: 'Runs this Tavernkeep.',
    builtin: true,
    permissions: Object.keys(PERMISSIONS) as Permission[],
  },
  {
    name: 'developer',
    description: 'Builds on the API and looks after the machine.',
    builtin: true,
    permissions: ['audit.read', 'system.read', 'chat.compact', ...BASE_PERMISSIONS],
  },
  {
    name: 'gm',
    description: 'Opens and leads games.',
    builtin: true,
    permissions: ['games.create', ...BASE_PERMISSIONS],
  },
  { name: 'player', description: 'Plays.', builtin: true, permissions: [...BASE_PERMISSIONS] },
];

/** The number of roles that a deployment can have beside the built-in ones. */
export const OWN_ROLES_MAX = 100;
/** The number of roles that a user can hold. */
export const ROLES_PER_USER = 20;

/** The role of a new user for whom no roles are given. */
export const DEFAULT_ROLE = 'player';
/** The role that always has at least one active holder. */
export const ADMIN_ROLE = 'admin';
