/** Users, roles and password hashes as they are read outside a unit of work: prepared statements on the pool. */
import type pg from 'pg';
import type { PasswordHashes, RoleReads, UserReads } from '#application/identity/ports.ts';
import type { Role } from '#domain/identity/permissions.ts';
import { isEmail, normalizeEmail, type User, usernameKey } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { type RoleRow, roleFrom } from '../identity/roles.ts';
import { type UserRow, userFrom } from '../identity/users.ts';
import { all, one } from './reading.ts';

/** Names of linked rows come as an array, so that a user and his roles are read at one moment. */
type Linked<Row> = Row & { links: string[] };

const USER = 'SELECT users.*, ARRAY(SELECT role FROM user_roles WHERE user_id = users.id) AS links FROM users';
const ROLE =
  'SELECT roles.*, ARRAY(SELECT permission FROM role_permissions WHERE role = roles.name) AS links FROM roles';

const STATEMENTS = {
  userById: { name: 'user-by-id', text: `${USER} WHERE id = $1` },
  userByEmail: { name: 'user-by-email', text: `${USER} WHERE email = $1` },
  userByUsername: { name: 'user-by-username', text: `${USER} WHERE username_key = $1` },
  roleByName: { name: 'role-by-name', text: `${ROLE} WHERE name = $1` },
  allRoles: { name: 'all-roles', text: `${ROLE} ORDER BY name COLLATE "C"` },
  hashByUser: { name: 'hash-by-user', text: 'SELECT hash FROM password_hashes WHERE user_id = $1' },
};

export class PostgresUserReads implements UserReads {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async find(id: UserId): Promise<User | undefined> {
    return user(await one(this.#pool, STATEMENTS.userById, id));
  }

  async findByLogin(login: string): Promise<User | undefined> {
    return user(
      isEmail(login)
        ? await one(this.#pool, STATEMENTS.userByEmail, normalizeEmail(login))
        : await one(this.#pool, STATEMENTS.userByUsername, usernameKey(login)),
    );
  }
}

export class PostgresRoleReads implements RoleReads {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async find(name: string): Promise<Role | undefined> {
    const row = await one<Linked<RoleRow>>(this.#pool, STATEMENTS.roleByName, name);
    return row && roleFrom(row, row.links);
  }

  async list(): Promise<readonly Role[]> {
    const rows = await all<Linked<RoleRow>>(this.#pool, STATEMENTS.allRoles);
    return rows.map((row) => roleFrom(row, row.links));
  }
}

export class PostgresPasswordHashReads implements Pick<PasswordHashes, 'find'> {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async find(userId: UserId): Promise<string | undefined> {
    return (await one<{ hash: string }>(this.#pool, STATEMENTS.hashByUser, userId))?.hash;
  }
}

function user(row: Linked<UserRow> | undefined): User | undefined {
  return row && userFrom(row, row.links);
}
