/** Users, roles and password hashes as they are read outside a unit of work. */
import type { PasswordHashes, RoleReads, UserReads } from '#application/identity/ports.ts';
import type { Role } from '#domain/identity/permissions.ts';
import { isEmail, normalizeEmail, type User, usernameKey } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Queries } from '../shared/queries.ts';
import { type Dialect, statement } from '../shared/statement.ts';
import { type RoleRow, roleFrom } from './roles.ts';
import { type UserRow, userFrom } from './users.ts';

/** Names of linked rows come as a JSON list, so that a user and the user's roles are read at one moment. */
type Linked<Row> = Row & { links: string };

/** A JSON list of what a query selects. */
const LIST: Readonly<Record<Dialect, (column: string, rest: string) => string>> = {
  sqlite: (column, rest) => `(SELECT json_group_array(${column}) ${rest})`,
  postgres: (column, rest) => `array_to_json(ARRAY(SELECT ${column} ${rest}))::text`,
};
/** By bytes, as SQLite compares without being told. */
const BY_BYTES: Readonly<Record<Dialect, string>> = { sqlite: '', postgres: 'COLLATE "C"' };

const user = (condition: string) => (dialect: Dialect) =>
  `
  SELECT users.*, ${LIST[dialect]('role', 'FROM user_roles WHERE user_id = users.id')} AS links
  FROM users WHERE ${condition}`;
const role = (dialect: Dialect) => `
  SELECT roles.*, ${LIST[dialect]('permission', 'FROM role_permissions WHERE role = roles.name')} AS links FROM roles`;

const userOf = (row: Linked<UserRow>): User => userFrom(row, JSON.parse(row.links));
const roleOf = (row: Linked<RoleRow>): Role => roleFrom(row, JSON.parse(row.links));

const USER_BY_ID = statement('user-by-id', { id: 'text' }, user('id = :id'), userOf);
const USER_BY_EMAIL = statement('user-by-email', { email: 'text' }, user('email = :email'), userOf);
const USER_BY_USERNAME = statement('user-by-username', { key: 'text' }, user('username_key = :key'), userOf);
const ROLE_BY_NAME = statement('role-by-name', { name: 'text' }, (on) => `${role(on)} WHERE name = :name`, roleOf);
const ALL_ROLES = statement('all-roles', {}, (on) => `${role(on)} ORDER BY name ${BY_BYTES[on]}`, roleOf);
const HASH_BY_USER = statement(
  'hash-by-user',
  { user: 'text' },
  'SELECT hash FROM password_hashes WHERE user_id = :user',
  (row: { hash: string }) => row.hash,
);

export class PreparedUserReads implements UserReads {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  find(id: UserId): Promise<User | undefined> {
    return this.#queries.one(USER_BY_ID, { id });
  }

  findByLogin(login: string): Promise<User | undefined> {
    return isEmail(login)
      ? this.#queries.one(USER_BY_EMAIL, { email: normalizeEmail(login) })
      : this.#queries.one(USER_BY_USERNAME, { key: usernameKey(login) });
  }
}

export class PreparedRoleReads implements RoleReads {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  find(name: string): Promise<Role | undefined> {
    return this.#queries.one(ROLE_BY_NAME, { name });
  }

  list(): Promise<readonly Role[]> {
    return this.#queries.all(ALL_ROLES, {});
  }
}

export class PreparedPasswordHashReads implements Pick<PasswordHashes, 'find'> {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  find(userId: UserId): Promise<string | undefined> {
    return this.#queries.one(HASH_BY_USER, { user: userId });
  }
}
