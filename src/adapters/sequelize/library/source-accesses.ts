/** Licences to sources: the model, the mapping of a row, and the store. */
import { type Model, type ModelStatic, Op, type Sequelize, type Transaction } from 'sequelize';
import type { AccessCursor, SourceAccesses } from '#application/library/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { ACCESS_TYPES, type AccessType, type SourceAccess } from '#domain/library/source-access.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { boolean, dateFrom, nullable, primaryKey, reference, text, time } from '../shared/columns.ts';
import { isForeignKeyViolation } from '../shared/failures.ts';
import { newestFirst, olderRows, pageOf } from '../shared/keyset.ts';

type AccessRow = {
  source_id: string;
  user_id: string;
  type: string;
  valid_from: number;
  expires_at: number | null;
  granted_at: number;
  revoked_at: number | null;
  trial_used: boolean;
  license_key: string | null;
};

export type SourceAccessModel = ModelStatic<Model<AccessRow>>;

export function defineSourceAccesses(sequelize: Sequelize): SourceAccessModel {
  return sequelize.define<Model<AccessRow>>(
    'sourceAccess',
    {
      source_id: primaryKey(reference('sources')),
      user_id: primaryKey(reference('users')),
      type: text(),
      valid_from: time(),
      expires_at: nullable(time()),
      granted_at: time(),
      revoked_at: nullable(time()),
      trial_used: boolean(),
      license_key: nullable(text()),
    },
    { tableName: 'source_access', timestamps: false },
  );
}

function accessFrom(row: AccessRow): SourceAccess {
  return {
    sourceId: row.source_id as SourceId,
    userId: row.user_id as UserId,
    type: row.type as AccessType,
    validFrom: dateFrom(row.valid_from),
    expiresAt: dateFrom(row.expires_at),
    grantedAt: dateFrom(row.granted_at),
    revokedAt: dateFrom(row.revoked_at),
    trialUsed: Boolean(row.trial_used),
    licenseKey: row.license_key,
  };
}

function rowOf(access: SourceAccess): AccessRow {
  return {
    source_id: access.sourceId,
    user_id: access.userId,
    type: known(ACCESS_TYPES, access.type),
    valid_from: access.validFrom.getTime(),
    expires_at: access.expiresAt?.getTime() ?? null,
    granted_at: access.grantedAt.getTime(),
    revoked_at: access.revokedAt?.getTime() ?? null,
    trial_used: access.trialUsed,
    license_key: access.licenseKey,
  };
}

export class SequelizeSourceAccesses implements SourceAccesses {
  readonly #model: SourceAccessModel;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ model: SourceAccessModel; transaction: Transaction | null }>) {
    this.#model = deps.model;
    this.#transaction = deps.transaction;
  }

  async find(sourceId: SourceId, userId: UserId): Promise<SourceAccess | undefined> {
    const where = { source_id: sourceId, user_id: userId };
    const row = await this.#model.findOne({ where, transaction: this.#transaction });
    return row === null ? undefined : accessFrom(row.get());
  }

  async findByUser(userId: UserId, sourceIds: readonly SourceId[]): Promise<readonly SourceAccess[]> {
    const where = { user_id: userId, source_id: [...sourceIds] };
    const rows = await this.#model.findAll({ where, transaction: this.#transaction });
    return rows.map((row) => accessFrom(row.get()));
  }

  async findNextStart(userId: UserId, after: Date): Promise<Date | undefined> {
    const row = await this.#model.findOne({
      where: { user_id: userId, revoked_at: null, valid_from: { [Op.gt]: after.getTime() } },
      order: [['valid_from', 'ASC']],
      transaction: this.#transaction,
    });
    return row === null ? undefined : accessFrom(row.get()).validFrom;
  }

  async list(
    sourceId: SourceId,
    { limit, cursor }: PageRequest<AccessCursor>,
  ): Promise<Page<SourceAccess, AccessCursor>> {
    const rows = await this.#model.findAll({
      where: { source_id: sourceId, revoked_at: null, ...olderRows('granted_at', 'user_id', cursor) },
      order: newestFirst('granted_at', 'user_id'),
      limit: limit + 1,
      transaction: this.#transaction,
    });
    const found = rows.map((row) => accessFrom(row.get()));
    return pageOf(found, limit, (access) => ({ at: access.grantedAt, id: access.userId }));
  }

  async save(access: SourceAccess): Promise<void> {
    try {
      await this.#model.upsert(rowOf(access), { transaction: this.#transaction });
    } catch (error) {
      throw isForeignKeyViolation(error) ? identityErrors.userNotFound() : error;
    }
  }
}
