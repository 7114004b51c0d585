/** Roles and what they permit: the models, and the store within a unit of work. */
import type { Model, ModelStatic, Sequelize, Transaction } from 'sequelize';
import type { Roles } from '#application/identity/ports.ts';
import { PERMISSIONS, type Permission, type Role } from '#domain/identity/permissions.ts';
import { boolean, primaryKey, reference, text } from '../shared/columns.ts';

export type RoleRow = { name: string; description: string; builtin: boolean };
type PermissionRow = { name: string; description: string };
type RolePermissionRow = { role: string; permission: string };

export type RoleModels = Readonly<{
  roles: ModelStatic<Model<RoleRow>>;
  permissions: ModelStatic<Model<PermissionRow>>;
  rolePermissions: ModelStatic<Model<RolePermissionRow>>;
}>;

export function defineRoles(sequelize: Sequelize): RoleModels {
  const roles = sequelize.define<Model<RoleRow>>(
    'role',
    {
      name: primaryKey(text()),
      description: text(),
      builtin: boolean(),
    },
    { tableName: 'roles', timestamps: false },
  );
  const permissions = sequelize.define<Model<PermissionRow>>(
    'permission',
    {
      name: primaryKey(text()),
      description: text(),
    },
    { tableName: 'permissions', timestamps: false },
  );
  const rolePermissions = sequelize.define<Model<RolePermissionRow>>(
    'rolePermission',
    { role: primaryKey(reference('roles', 'name')), permission: primaryKey(reference('permissions', 'name')) },
    { tableName: 'role_permissions', timestamps: false },
  );
  return { roles, permissions, rolePermissions };
}

/** A role of its row and the names of its permissions. */
export function roleFrom(row: RoleRow, permissions: readonly string[]): Role {
  return {
    name: row.name,
    description: row.description,
    builtin: Boolean(row.builtin),
    permissions: [...permissions].sort() as Permission[],
  };
}

export class SequelizeRoles implements Roles {
  readonly #models: RoleModels;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ models: RoleModels; transaction: Transaction | null }>) {
    this.#models = deps.models;
    this.#transaction = deps.transaction;
  }

  async find(name: string): Promise<Role | undefined> {
    const row = await this.#models.roles.findByPk(name, { transaction: this.#transaction });
    return row === null ? undefined : this.#withPermissions(row.get());
  }

  async list(): Promise<readonly Role[]> {
    const rows = await this.#models.roles.findAll({ order: ['name'], transaction: this.#transaction });
    const roles: Role[] = [];
    for (const row of rows) roles.push(await this.#withPermissions(row.get()));
    return roles;
  }

  countOwn(): Promise<number> {
    return this.#models.roles.count({ where: { builtin: false }, transaction: this.#transaction });
  }

  async save(role: Role): Promise<void> {
    const transaction = this.#transaction;
    const { roles, permissions, rolePermissions } = this.#models;
    await roles.upsert({ name: role.name, description: role.description, builtin: role.builtin }, { transaction });
    // A permission is the code's; its row is there so that a role cannot refer to one that never was.
    for (const name of role.permissions) {
      await permissions.upsert({ name, description: PERMISSIONS[name] }, { transaction });
    }
    await rolePermissions.destroy({ where: { role: role.name }, transaction });
    const links = role.permissions.map((permission) => ({ role: role.name, permission }));
    await rolePermissions.bulkCreate(links, { transaction });
  }

  async remove(name: string): Promise<void> {
    await this.#models.roles.destroy({ where: { name }, transaction: this.#transaction });
  }

  async #withPermissions(row: RoleRow): Promise<Role> {
    const links = await this.#models.rolePermissions.findAll({
      where: { role: row.name },
      transaction: this.#transaction,
    });
    return roleFrom(
      row,
      links.map((link) => link.get().permission),
    );
  }
}
