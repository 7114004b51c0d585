/** API tokens: the model, the mapping of a row, and the store. */
import { literal, type Model, type ModelStatic, Op, type Sequelize, type Transaction } from 'sequelize';
import type { ApiTokenCursor, ApiTokens, TokenUses } from '#application/identity/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { ApiToken } from '#domain/identity/api-token.ts';
import type { Permission } from '#domain/identity/permissions.ts';
import type { ApiTokenId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { bigint, dateFrom, nullable, primaryKey, reference, text, time, unique } from '../shared/columns.ts';
import { newestFirst, olderRows, pageOf } from '../shared/keyset.ts';

export type ApiTokenRow = {
  id: string;
  user_id: string;
  name: string;
  prefix: string;
  digest: string;
  /** JSON. */
  scopes: string;
  workspace_id: string | null;
  created_at: number;
  expires_at: number;
  last_used_at: number | null;
  usage_count: number;
  revoked_at: number | null;
  revoked_by: string | null;
};

export type ApiTokenModel = ModelStatic<Model<ApiTokenRow>>;

export function defineApiTokens(sequelize: Sequelize): ApiTokenModel {
  return sequelize.define<Model<ApiTokenRow>>(
    'apiToken',
    {
      id: primaryKey(text()),
      user_id: reference('users'),
      name: text(),
      prefix: text(),
      digest: unique(text()),
      scopes: text(),
      workspace_id: nullable(text()),
      created_at: time(),
      expires_at: time(),
      last_used_at: nullable(time()),
      usage_count: bigint(),
      revoked_at: nullable(time()),
      revoked_by: nullable(text()),
    },
    { tableName: 'api_tokens', timestamps: false },
  );
}

function apiTokenFrom(row: ApiTokenRow): ApiToken {
  return {
    id: row.id as ApiTokenId,
    userId: row.user_id as UserId,
    name: row.name,
    prefix: row.prefix,
    digest: row.digest,
    scopes: JSON.parse(row.scopes) as Permission[],
    workspaceId: row.workspace_id as WorkspaceId | null,
    createdAt: dateFrom(row.created_at),
    expiresAt: dateFrom(row.expires_at),
    lastUsedAt: dateFrom(row.last_used_at),
    usageCount: Number(row.usage_count),
    revokedAt: dateFrom(row.revoked_at),
    revokedBy: row.revoked_by as UserId | null,
  };
}

/** What `save` may change. */
function changeable(token: ApiToken) {
  return {
    name: token.name,
    scopes: JSON.stringify(token.scopes),
    expires_at: token.expiresAt.getTime(),
    revoked_at: token.revokedAt?.getTime() ?? null,
    revoked_by: token.revokedBy,
  };
}

function rowOf(token: ApiToken): ApiTokenRow {
  return {
    id: token.id,
    user_id: token.userId,
    prefix: token.prefix,
    digest: token.digest,
    workspace_id: token.workspaceId,
    created_at: token.createdAt.getTime(),
    last_used_at: token.lastUsedAt?.getTime() ?? null,
    usage_count: token.usageCount,
    ...changeable(token),
  };
}

export class SequelizeApiTokens implements ApiTokens {
  readonly #model: ApiTokenModel;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ model: ApiTokenModel; transaction: Transaction | null }>) {
    this.#model = deps.model;
    this.#transaction = deps.transaction;
  }

  find(id: ApiTokenId): Promise<ApiToken | undefined> {
    return this.#findWhere({ id });
  }

  findByDigest(digest: string): Promise<ApiToken | undefined> {
    return this.#findWhere({ digest });
  }

  async listByUser(
    userId: UserId,
    { limit, cursor }: PageRequest<ApiTokenCursor>,
  ): Promise<Page<ApiToken, ApiTokenCursor>> {
    const rows = await this.#model.findAll({
      where: { user_id: userId, ...olderRows('created_at', 'id', cursor) },
      order: newestFirst('created_at', 'id'),
      limit: limit + 1,
      transaction: this.#transaction,
    });
    const found = rows.map((row) => apiTokenFrom(row.get()));
    return pageOf(found, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  countUsable(userId: UserId, now: Date): Promise<number> {
    return this.#model.count({
      where: { user_id: userId, revoked_at: null, expires_at: { [Op.gt]: now.getTime() } },
      transaction: this.#transaction,
    });
  }

  async add(token: ApiToken): Promise<void> {
    await this.#model.create(rowOf(token), { transaction: this.#transaction });
  }

  async save(token: ApiToken): Promise<void> {
    await this.#model.update(changeable(token), { where: { id: token.id }, transaction: this.#transaction });
  }

  async addUses(id: ApiTokenId, uses: TokenUses): Promise<void> {
    const at = Math.trunc(uses.lastAt.getTime());
    const values = {
      usage_count: literal(`usage_count + ${Math.trunc(uses.count)}`),
      last_used_at: literal(`CASE WHEN last_used_at > ${at} THEN last_used_at ELSE ${at} END`),
    };
    await this.#model.update(values as unknown as Partial<ApiTokenRow>, {
      where: { id },
      transaction: this.#transaction,
    });
  }

  async endByUser(userId: UserId, by: UserId, at: Date): Promise<number> {
    const usable = await this.countUsable(userId, at);
    await this.#model.update(
      { revoked_at: at.getTime(), revoked_by: by },
      { where: { user_id: userId, revoked_at: null }, transaction: this.#transaction },
    );
    return usable;
  }

  async #findWhere(where: Partial<ApiTokenRow>): Promise<ApiToken | undefined> {
    const row = await this.#model.findOne({ where, transaction: this.#transaction });
    return row === null ? undefined : apiTokenFrom(row.get());
  }
}
