/** Users and the roles they hold: the models, and the store within a unit of work. */
import { type Model, type ModelStatic, Op, type Sequelize, type Transaction } from 'sequelize';
import type { UserFilter, Users } from '#application/identity/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { isEmail, normalizeEmail, type User, type UserStatus, usernameKey } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { dateFrom, integer, nullable, primaryKey, reference, text, time, unique } from '../shared/columns.ts';
import { isForeignKeyViolation, isUniqueViolation } from '../shared/failures.ts';
import { pageOf } from '../shared/keyset.ts';
import { usersMatching } from './user-filter.ts';

export type UserRow = {
  id: string;
  email: string;
  username: string | null;
  /** What two usernames share that may not both exist. */
  username_key: string | null;
  display_name: string;
  status: string;
  session_epoch: number;
  /** Milliseconds since 1970, as all times in the database. */
  created_at: number;
};

type UserRoleRow = { user_id: string; role: string };

export type UserModels = Readonly<{ users: ModelStatic<Model<UserRow>>; userRoles: ModelStatic<Model<UserRoleRow>> }>;

export function defineUsers(sequelize: Sequelize): UserModels {
  const users = sequelize.define<Model<UserRow>>(
    'user',
    {
      id: primaryKey(text()),
      email: unique(text()),
      username: nullable(text()),
      username_key: unique(nullable(text())),
      display_name: text(),
      status: text(),
      session_epoch: integer(),
      created_at: time(),
    },
    { tableName: 'users', timestamps: false },
  );
  const userRoles = sequelize.define<Model<UserRoleRow>>(
    'userRole',
    {
      user_id: primaryKey(reference('users')),
      role: primaryKey(reference('roles', 'name')),
    },
    { tableName: 'user_roles', timestamps: false },
  );
  return { users, userRoles };
}

/** A user, of a row and the names of the roles. */
export function userFrom(row: UserRow, roles: readonly string[]): User {
  return {
    id: row.id as UserId,
    email: row.email,
    username: row.username,
    displayName: row.display_name,
    status: row.status as UserStatus,
    roles: [...roles].sort(),
    sessionEpoch: row.session_epoch,
    createdAt: dateFrom(row.created_at),
  };
}

function rowOf(user: User): UserRow {
  return {
    id: user.id,
    email: user.email,
    username: user.username,
    username_key: user.username === null ? null : usernameKey(user.username),
    display_name: user.displayName,
    status: user.status,
    session_epoch: user.sessionEpoch,
    created_at: user.createdAt.getTime(),
  };
}

export class SequelizeUsers implements Users {
  readonly #models: UserModels;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ models: UserModels; transaction: Transaction | null }>) {
    this.#models = deps.models;
    this.#transaction = deps.transaction;
  }

  find(id: UserId): Promise<User | undefined> {
    return this.#findWhere({ id });
  }

  findByLogin(login: string): Promise<User | undefined> {
    return this.#findWhere(isEmail(login) ? { email: normalizeEmail(login) } : { username_key: usernameKey(login) });
  }

  async list(filter: UserFilter, { limit, cursor }: PageRequest<UserId>): Promise<Page<User, UserId>> {
    const transaction = this.#transaction;
    const where = usersMatching(this.#models.users.sequelize as Sequelize, filter, cursor);
    const found = await this.#models.users.findAll({ where, order: [['id', 'DESC']], limit: limit + 1, transaction });
    const page = pageOf(
      found.map((row) => row.get()),
      limit,
      (row) => row.id as UserId,
    );
    const held = await this.#models.userRoles.findAll({
      where: { user_id: page.items.map((row) => row.id) },
      transaction,
    });
    const links = Map.groupBy(
      held.map((link) => link.get()),
      (link) => link.user_id,
    );
    const items = page.items.map((row) => {
      const roles = links.get(row.id) ?? [];
      return userFrom(
        row,
        roles.map((link) => link.role),
      );
    });
    return { items, next: page.next };
  }

  add(user: User): Promise<void> {
    return refusing(async () => {
      await this.#models.users.create(rowOf(user), { transaction: this.#transaction });
      await this.#saveRoles(user);
    });
  }

  save(user: User): Promise<void> {
    return refusing(async () => {
      const where = { id: user.id };
      const [changed] = await this.#models.users.update(rowOf(user), { where, transaction: this.#transaction });
      if (changed === 0) throw new Error('There is no such user.');
      await this.#saveRoles(user);
    });
  }

  async remove(id: UserId): Promise<void> {
    await this.#models.users.destroy({ where: { id }, transaction: this.#transaction });
  }

  async isHeld(role: string): Promise<boolean> {
    return (await this.#models.userRoles.count({ where: { role }, transaction: this.#transaction })) > 0;
  }

  async countActiveWithRole(role: string): Promise<number> {
    const holders = await this.#models.userRoles.findAll({
      where: { role },
      transaction: this.#transaction,
      raw: true,
    });
    const id = (holders as unknown as UserRoleRow[]).map((holder) => holder.user_id);
    return this.#models.users.count({ where: { id, status: 'active' }, transaction: this.#transaction });
  }

  async #saveRoles(user: User): Promise<void> {
    const transaction = this.#transaction;
    const { userRoles } = this.#models;
    await userRoles.destroy({ where: { user_id: user.id, role: { [Op.notIn]: [...user.roles] } }, transaction });
    const held = await userRoles.findAll({ where: { user_id: user.id }, transaction });
    const names = new Set(held.map((link) => link.get().role));
    const missing = user.roles.filter((role) => !names.has(role));
    for (const role of missing) await userRoles.create({ user_id: user.id, role }, { transaction });
  }

  async #findWhere(where: Partial<UserRow>): Promise<User | undefined> {
    const transaction = this.#transaction;
    const row = await this.#models.users.findOne({ where, transaction });
    if (row === null) return undefined;
    const user = row.get();
    const roles = await this.#models.userRoles.findAll({ where: { user_id: user.id }, transaction });
    return userFrom(
      user,
      roles.map((role) => role.get().role),
    );
  }
}

/** Runs a change, with what the database refuses said in words. */
async function refusing(change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (isUniqueViolation(error, 'email')) throw identityErrors.emailTaken();
    if (isUniqueViolation(error, 'username_key')) throw identityErrors.usernameTaken();
    if (isForeignKeyViolation(error)) throw identityErrors.roleNotFound();
    throw error;
  }
}
