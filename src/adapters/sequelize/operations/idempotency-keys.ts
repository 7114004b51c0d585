/** Answers kept under idempotency keys: the model, the mapping of a row, and the store within a unit of work. */
import { DataTypes, type Model, type ModelStatic, Op, type Sequelize, type Transaction } from 'sequelize';
import { type IdempotencyKeys, idempotencyErrors, type StoredResponse } from '#application/shared/idempotency.ts';
import { isUniqueViolation } from '../shared/failures.ts';

export type IdempotencyKeyRow = {
  key: string;
  body_digest: string;
  /** JSON. */
  answer: string;
  created_at: number;
  expires_at: number;
};

export type IdempotencyKeyModel = ModelStatic<Model<IdempotencyKeyRow>>;

export function defineIdempotencyKeys(sequelize: Sequelize): IdempotencyKeyModel {
  return sequelize.define<Model<IdempotencyKeyRow>>(
    'idempotencyKey',
    {
      key: { type: DataTypes.TEXT, primaryKey: true, allowNull: false },
      body_digest: { type: DataTypes.TEXT, allowNull: false },
      answer: { type: DataTypes.TEXT, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      expires_at: { type: DataTypes.BIGINT, allowNull: false },
    },
    { tableName: 'idempotency_keys', timestamps: false },
  );
}

export function idempotencyKeyRow(kept: StoredResponse): IdempotencyKeyRow {
  return {
    key: kept.key,
    body_digest: kept.bodyDigest,
    answer: JSON.stringify(kept.answer),
    created_at: kept.createdAt.getTime(),
    expires_at: kept.expiresAt.getTime(),
  };
}

function keptFrom(row: IdempotencyKeyRow): StoredResponse {
  return {
    key: row.key,
    bodyDigest: row.body_digest,
    answer: JSON.parse(row.answer),
    createdAt: new Date(Number(row.created_at)),
    expiresAt: new Date(Number(row.expires_at)),
  };
}

export class SequelizeIdempotencyKeys implements IdempotencyKeys {
  readonly #model: IdempotencyKeyModel;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ model: IdempotencyKeyModel; transaction: Transaction | null }>) {
    this.#model = deps.model;
    this.#transaction = deps.transaction;
  }

  async find(key: string, now: Date): Promise<StoredResponse | undefined> {
    const where = { key, expires_at: { [Op.gt]: now.getTime() } };
    const row = await this.#model.findOne({ where, transaction: this.#transaction });
    return row === null ? undefined : keptFrom(row.get());
  }

  async add(kept: StoredResponse): Promise<void> {
    const transaction = this.#transaction;
    const expired = { key: kept.key, expires_at: { [Op.lte]: kept.createdAt.getTime() } };
    await this.#model.destroy({ where: expired, transaction });
    try {
      await this.#model.create(idempotencyKeyRow(kept), { transaction });
    } catch (error) {
      throw isUniqueViolation(error, 'key') ? idempotencyErrors.inFlight() : error;
    }
  }

  async prune(now: Date, limit: number): Promise<number> {
    const transaction = this.#transaction;
    const where = { expires_at: { [Op.lte]: now.getTime() } };
    const expired = await this.#model.findAll({
      where,
      attributes: ['key'],
      order: ['expires_at'],
      limit,
      transaction,
    });
    return this.#model.destroy({ where: { key: expired.map((row) => row.get().key) }, transaction });
  }
}
