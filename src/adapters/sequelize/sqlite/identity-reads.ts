/** Users, roles and password hashes as they are read outside a unit of work: prepared statements on the reader connection. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PasswordHashes, RoleReads, UserReads } from '#application/identity/ports.ts';
import type { Role } from '#domain/identity/permissions.ts';
import { isEmail, normalizeEmail, type User, usernameKey } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { type RoleRow, roleFrom } from '../identity/roles.ts';
import { type UserRow, userFrom } from '../identity/users.ts';
import { all, one, reading } from './reading.ts';

/** Names of linked rows come as a JSON list, so that a user and his roles are read at one moment. */
type Linked<Row> = Row & { links: string };

const USER = `SELECT users.*, (SELECT json_group_array(role) FROM user_roles WHERE user_id = users.id) AS links FROM users`;
const ROLE = `SELECT roles.*, (SELECT json_group_array(permission) FROM role_permissions WHERE role = roles.name) AS links FROM roles`;

export class SqliteUserReads implements UserReads {
  readonly #byId: StatementSync;
  readonly #byEmail: StatementSync;
  readonly #byUsername: StatementSync;

  constructor(reader: DatabaseSync) {
    this.#byId = reader.prepare(`${USER} WHERE id = ?`);
    this.#byEmail = reader.prepare(`${USER} WHERE email = ?`);
    this.#byUsername = reader.prepare(`${USER} WHERE username_key = ?`);
  }

  find(id: UserId): Promise<User | undefined> {
    return reading(() => user(one(this.#byId, id)));
  }

  findByLogin(login: string): Promise<User | undefined> {
    return reading(() =>
      user(isEmail(login) ? one(this.#byEmail, normalizeEmail(login)) : one(this.#byUsername, usernameKey(login))),
    );
  }
}

export class SqliteRoleReads implements RoleReads {
  readonly #byName: StatementSync;
  readonly #all: StatementSync;

  constructor(reader: DatabaseSync) {
    this.#byName = reader.prepare(`${ROLE} WHERE name = ?`);
    this.#all = reader.prepare(`${ROLE} ORDER BY name`);
  }

  find(name: string): Promise<Role | undefined> {
    return reading(() => {
      const row = one<Linked<RoleRow>>(this.#byName, name);
      return row === undefined ? undefined : role(row);
    });
  }

  list(): Promise<readonly Role[]> {
    return reading(() => all<Linked<RoleRow>>(this.#all).map(role));
  }
}

export class SqlitePasswordHashReads implements Pick<PasswordHashes, 'find'> {
  readonly #byUser: StatementSync;

  constructor(reader: DatabaseSync) {
    this.#byUser = reader.prepare('SELECT hash FROM password_hashes WHERE user_id = ?');
  }

  find(userId: UserId): Promise<string | undefined> {
    return reading(() => one<{ hash: string }>(this.#byUser, userId)?.hash);
  }
}

function user(row: Linked<UserRow> | undefined): User | undefined {
  return row === undefined ? undefined : userFrom(row, JSON.parse(row.links));
}

function role(row: Linked<RoleRow>): Role {
  return roleFrom(row, JSON.parse(row.links));
}
