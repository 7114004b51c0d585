/** Responses stored under idempotency keys: the model, the mapping of a row, and the store within a unit of work. */
import { type Model, type ModelStatic, Op, type Sequelize, type Transaction } from 'sequelize';
import { type IdempotencyKeys, idempotencyErrors, type StoredResponse } from '#application/shared/idempotency.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { dateFrom, nullable, primaryKey, text, time } from '../shared/columns.ts';
import { isUniqueViolation } from '../shared/failures.ts';
import { statement } from '../shared/statement.ts';

export type IdempotencyKeyRow = {
  key: string;
  /** Empty of what was stored before actors were. */
  actor_id: string;
  subject_id: string | null;
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
      key: primaryKey(text()),
      actor_id: text(),
      subject_id: nullable(text()),
      body_digest: text(),
      answer: text(),
      created_at: time(),
      expires_at: time(),
    },
    { tableName: 'idempotency_keys', timestamps: false },
  );
}

export function idempotencyKeyRow(response: StoredResponse): IdempotencyKeyRow {
  return {
    key: response.key,
    actor_id: response.actorId,
    subject_id: response.subjectId,
    body_digest: response.bodyDigest,
    answer: JSON.stringify(response.answer),
    created_at: response.createdAt.getTime(),
    expires_at: response.expiresAt.getTime(),
  };
}

/** In place of one that has expired when this one was made; no row where the key is taken. */
export const STORE_RESPONSE = statement(
  'store-response',
  {
    key: 'text',
    actor_id: 'text',
    subject_id: 'text',
    body_digest: 'text',
    answer: 'text',
    created_at: 'bigint',
    expires_at: 'bigint',
  },
  `
    INSERT INTO idempotency_keys (key, actor_id, subject_id, body_digest, answer, created_at, expires_at)
    VALUES (:key, :actor_id, :subject_id, :body_digest, :answer, :created_at, :expires_at)
    ON CONFLICT (key) DO UPDATE SET actor_id = excluded.actor_id, subject_id = excluded.subject_id,
      body_digest = excluded.body_digest, answer = excluded.answer, created_at = excluded.created_at,
      expires_at = excluded.expires_at
    WHERE idempotency_keys.expires_at <= excluded.created_at
    RETURNING key`,
);

function responseFrom(row: IdempotencyKeyRow): StoredResponse {
  return {
    key: row.key,
    actorId: row.actor_id as UserId,
    subjectId: row.subject_id as StoredResponse['subjectId'],
    bodyDigest: row.body_digest,
    answer: JSON.parse(row.answer),
    createdAt: dateFrom(row.created_at),
    expiresAt: dateFrom(row.expires_at),
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
    return row === null ? undefined : responseFrom(row.get());
  }

  async add(response: StoredResponse): Promise<void> {
    const transaction = this.#transaction;
    const expired = { key: response.key, expires_at: { [Op.lte]: response.createdAt.getTime() } };
    await this.#model.destroy({ where: expired, transaction });
    try {
      await this.#model.create(idempotencyKeyRow(response), { transaction });
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

  async removeBySubject(id: ThreadId): Promise<void> {
    await this.#model.destroy({ where: { subject_id: id }, transaction: this.#transaction });
  }

  async removeByUser(userId: UserId): Promise<void> {
    const where = { [Op.or]: [{ actor_id: userId }, { subject_id: userId }] };
    await this.#model.destroy({ where, transaction: this.#transaction });
  }
}
