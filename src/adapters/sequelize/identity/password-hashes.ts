/** Password hashes, in a table of their own: the model, and the store within a unit of work. */
import { col, fn, type Model, type ModelStatic, type Sequelize, type Transaction } from 'sequelize';
import type { PasswordHashes } from '#application/identity/ports.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { primaryKey, reference, text } from '../shared/columns.ts';

type PasswordHashRow = { user_id: string; hash: string };

export type PasswordHashModel = ModelStatic<Model<PasswordHashRow>>;

export function definePasswordHashes(sequelize: Sequelize): PasswordHashModel {
  return sequelize.define<Model<PasswordHashRow>>(
    'passwordHash',
    {
      user_id: primaryKey(reference('users')),
      hash: text(),
    },
    { tableName: 'password_hashes', timestamps: false },
  );
}

export class SequelizePasswordHashes implements PasswordHashes {
  readonly #model: PasswordHashModel;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ model: PasswordHashModel; transaction: Transaction | null }>) {
    this.#model = deps.model;
    this.#transaction = deps.transaction;
  }

  async find(userId: UserId): Promise<string | undefined> {
    const row = await this.#model.findByPk(userId, { transaction: this.#transaction });
    return row?.get().hash;
  }

  async listSchemes(): Promise<readonly string[]> {
    const scheme = fn('substr', col('hash'), 1, 7);
    const rows = await this.#model.findAll({
      attributes: [[scheme, 'hash']],
      group: [scheme],
      transaction: this.#transaction,
    });
    return rows.map((row) => row.get().hash);
  }

  async save(userId: UserId, hash: string): Promise<void> {
    await this.#model.upsert({ user_id: userId, hash }, { transaction: this.#transaction });
  }
}
