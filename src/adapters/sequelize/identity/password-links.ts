/** Links to set a password: the model, the mapping of a row, and the store. */
import type { Model, ModelStatic, Sequelize, Transaction } from 'sequelize';
import type { PasswordLinks } from '#application/identity/ports.ts';
import type { PasswordLink } from '#domain/identity/password-link.ts';
import type { PasswordLinkId, UserId } from '#domain/shared/ids.ts';
import { dateFrom, nullable, primaryKey, reference, text, time, unique } from '../shared/columns.ts';

type PasswordLinkRow = {
  id: string;
  user_id: string;
  digest: string;
  created_at: number;
  expires_at: number;
  ended_at: number | null;
};

export type PasswordLinkModel = ModelStatic<Model<PasswordLinkRow>>;

export function definePasswordLinks(sequelize: Sequelize): PasswordLinkModel {
  return sequelize.define<Model<PasswordLinkRow>>(
    'passwordLink',
    {
      id: primaryKey(text()),
      user_id: reference('users'),
      digest: unique(text()),
      created_at: time(),
      expires_at: time(),
      ended_at: nullable(time()),
    },
    { tableName: 'password_links', timestamps: false },
  );
}

function linkFrom(row: PasswordLinkRow): PasswordLink {
  return {
    id: row.id as PasswordLinkId,
    userId: row.user_id as UserId,
    digest: row.digest,
    createdAt: dateFrom(row.created_at),
    expiresAt: dateFrom(row.expires_at),
    endedAt: dateFrom(row.ended_at),
  };
}

function rowOf(link: PasswordLink): PasswordLinkRow {
  return {
    id: link.id,
    user_id: link.userId,
    digest: link.digest,
    created_at: link.createdAt.getTime(),
    expires_at: link.expiresAt.getTime(),
    ended_at: link.endedAt?.getTime() ?? null,
  };
}

export class SequelizePasswordLinks implements PasswordLinks {
  readonly #model: PasswordLinkModel;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ model: PasswordLinkModel; transaction: Transaction | null }>) {
    this.#model = deps.model;
    this.#transaction = deps.transaction;
  }

  async findByDigest(digest: string): Promise<PasswordLink | undefined> {
    const row = await this.#model.findOne({ where: { digest }, transaction: this.#transaction });
    return row === null ? undefined : linkFrom(row.get());
  }

  async add(link: PasswordLink): Promise<void> {
    await this.#model.create(rowOf(link), { transaction: this.#transaction });
  }

  async endByUser(userId: UserId, at: Date): Promise<void> {
    await this.#model.update(
      { ended_at: at.getTime() },
      { where: { user_id: userId, ended_at: null }, transaction: this.#transaction },
    );
  }
}
