/** Linked accounts: the model, the mapping of a row, and the store. */
import { type Model, type ModelStatic, Op, type Sequelize, type Transaction } from 'sequelize';
import type { DueGrants, OauthAccounts } from '#application/identity/oauth/ports.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import type { OauthAccountId, UserId } from '#domain/shared/ids.ts';
import { dateFrom, nullable, primaryKey, reference, text, time, unique } from '../shared/columns.ts';
import { isUniqueViolation } from '../shared/failures.ts';

type OauthAccountRow = {
  id: string;
  user_id: string;
  provider: string;
  issuer: string;
  subject: string;
  email: string | null;
  /** Encrypted. */
  refresh_token: string | null;
  linked_at: number;
  last_used_at: number;
  broken_at: number | null;
  checked_at: number | null;
};

export type OauthAccountModel = ModelStatic<Model<OauthAccountRow>>;

export function defineOauthAccounts(sequelize: Sequelize): OauthAccountModel {
  return sequelize.define<Model<OauthAccountRow>>(
    'oauthAccount',
    {
      id: primaryKey(text()),
      user_id: reference('users'),
      provider: text(),
      issuer: unique(text(), 'account'),
      subject: unique(text(), 'account'),
      email: nullable(text()),
      refresh_token: nullable(text()),
      linked_at: time(),
      last_used_at: time(),
      broken_at: nullable(time()),
      checked_at: nullable(time()),
    },
    { tableName: 'oauth_accounts', timestamps: false },
  );
}

function accountFrom(row: OauthAccountRow): OauthAccount {
  return {
    id: row.id as OauthAccountId,
    userId: row.user_id as UserId,
    provider: row.provider,
    issuer: row.issuer,
    subject: row.subject,
    email: row.email,
    refreshToken: row.refresh_token,
    linkedAt: dateFrom(row.linked_at),
    lastUsedAt: dateFrom(row.last_used_at),
    checkedAt: dateFrom(row.checked_at),
    brokenAt: dateFrom(row.broken_at),
  };
}

/** What `save` may change. */
function changeable(account: OauthAccount) {
  return {
    email: account.email,
    refresh_token: account.refreshToken,
    last_used_at: account.lastUsedAt.getTime(),
    broken_at: account.brokenAt?.getTime() ?? null,
    checked_at: account.checkedAt?.getTime() ?? null,
  };
}

function rowOf(account: OauthAccount): OauthAccountRow {
  return {
    id: account.id,
    user_id: account.userId,
    provider: account.provider,
    issuer: account.issuer,
    subject: account.subject,
    linked_at: account.linkedAt.getTime(),
    ...changeable(account),
  };
}

export class SequelizeOauthAccounts implements OauthAccounts {
  readonly #model: OauthAccountModel;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ model: OauthAccountModel; transaction: Transaction | null }>) {
    this.#model = deps.model;
    this.#transaction = deps.transaction;
  }

  find(id: OauthAccountId): Promise<OauthAccount | undefined> {
    return this.#findWhere({ id });
  }

  findBySubject(issuer: string, subject: string): Promise<OauthAccount | undefined> {
    return this.#findWhere({ issuer, subject });
  }

  async listByUser(userId: UserId): Promise<readonly OauthAccount[]> {
    const rows = await this.#model.findAll({
      where: { user_id: userId },
      order: [
        ['linked_at', 'ASC'],
        ['id', 'ASC'],
      ],
      transaction: this.#transaction,
    });
    return rows.map((row) => accountFrom(row.get()));
  }

  async listDue({ providers, before, now }: DueGrants, limit: number): Promise<readonly OauthAccount[]> {
    const rows = await this.#model.findAll({
      where: {
        refresh_token: { [Op.ne]: null },
        provider: [...providers],
        checked_at: { [Op.or]: [{ [Op.is]: null }, { [Op.lte]: before.getTime() }, { [Op.gt]: now.getTime() }] },
      },
      limit,
      transaction: this.#transaction,
    });
    return rows.map((row) => accountFrom(row.get()));
  }

  async add(account: OauthAccount): Promise<void> {
    try {
      await this.#model.create(rowOf(account), { transaction: this.#transaction });
    } catch (error) {
      if (isUniqueViolation(error, 'subject')) throw identityErrors.oauthAccountTaken();
      throw error;
    }
  }

  async save(account: OauthAccount): Promise<void> {
    await this.#model.update(changeable(account), { where: { id: account.id }, transaction: this.#transaction });
  }

  async remove(id: OauthAccountId): Promise<void> {
    await this.#model.destroy({ where: { id }, transaction: this.#transaction });
  }

  async #findWhere(where: Partial<OauthAccountRow>): Promise<OauthAccount | undefined> {
    const row = await this.#model.findOne({ where, transaction: this.#transaction });
    return row === null ? undefined : accountFrom(row.get());
  }
}
