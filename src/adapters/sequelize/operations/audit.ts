/** The audit log and the head of its chain: the models, the mapping of a row, and the store. */
import {
  DataTypes,
  type Model,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
  type WhereOptions,
} from 'sequelize';
import type { AuditCursor, AuditFilter, AuditHead, AuditRecords, SealedEntry } from '#application/audit/ports.ts';
import { ACTOR_KINDS, type AuditEntry, type AuditFacts, OUTCOMES } from '#application/shared/audit-log.ts';
import type { Page } from '#application/shared/page.ts';
import type { AuditEntryId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';

type AuditRow = {
  id: string;
  at: number;
  actor_id: string | null;
  actor_kind: string;
  action: string;
  subject: string | null;
  outcome: string;
  /** JSON. */
  facts_before: string | null;
  facts_after: string | null;
  ip: string | null;
  request_id: string | null;
  /** Both null until the entry is sealed. */
  place: number | null;
  hash: string | null;
};
type HeadRow = { id: number; place: number; hash: string };

/** All at once: each statement of its own would hold up whoever waits to write. */
const SEAL = `UPDATE audit_entries SET place = sealed.column2, hash = sealed.column3
  FROM (VALUES :rows) AS sealed WHERE audit_entries.id = sealed.column1`;

export type AuditModels = Readonly<{ entries: ModelStatic<Model<AuditRow>>; heads: ModelStatic<Model<HeadRow>> }>;

export function defineAudit(sequelize: Sequelize): AuditModels {
  // A new object each time: Sequelize writes the column's name into it.
  const given = () => ({ type: DataTypes.TEXT, allowNull: false });
  const optional = () => ({ type: DataTypes.TEXT });
  const entries = sequelize.define<Model<AuditRow>>(
    'auditEntry',
    {
      id: { ...given(), primaryKey: true },
      at: { type: DataTypes.BIGINT, allowNull: false },
      actor_id: optional(),
      actor_kind: given(),
      action: given(),
      subject: optional(),
      outcome: given(),
      facts_before: optional(),
      facts_after: optional(),
      ip: optional(),
      request_id: optional(),
      place: { type: DataTypes.BIGINT, unique: true },
      hash: optional(),
    },
    { tableName: 'audit_entries', timestamps: false },
  );
  const heads = sequelize.define<Model<HeadRow>>(
    'auditHead',
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
      place: { type: DataTypes.BIGINT, allowNull: false },
      hash: given(),
    },
    { tableName: 'audit_heads', timestamps: false },
  );
  return { entries, heads };
}

function rowOf(entry: AuditEntry): AuditRow {
  return {
    id: entry.id,
    at: entry.at.getTime(),
    actor_id: entry.actorId,
    actor_kind: known(ACTOR_KINDS, entry.actorKind),
    action: entry.action,
    subject: entry.subject,
    outcome: known(OUTCOMES, entry.outcome),
    facts_before: entry.before && JSON.stringify(entry.before),
    facts_after: entry.after && JSON.stringify(entry.after),
    ip: entry.ip,
    request_id: entry.requestId,
    place: null,
    hash: null,
  };
}

function entryFrom(row: AuditRow): AuditEntry {
  return {
    id: row.id as AuditEntryId,
    at: new Date(Number(row.at)),
    actorId: row.actor_id as UserId | null,
    actorKind: row.actor_kind as AuditEntry['actorKind'],
    action: row.action,
    subject: row.subject,
    outcome: row.outcome as AuditEntry['outcome'],
    before: factsFrom(row.facts_before),
    after: factsFrom(row.facts_after),
    ip: row.ip,
    requestId: row.request_id,
  };
}

function factsFrom(json: string | null): AuditFacts | null {
  return json === null ? null : JSON.parse(json);
}

function matching(filter: AuditFilter, cursor: AuditCursor | undefined): WhereOptions<AuditRow> {
  const conditions: WhereOptions<AuditRow>[] = [];
  if (filter.actor !== undefined) conditions.push({ actor_id: filter.actor });
  if (filter.action !== undefined) conditions.push({ action: filter.action });
  if (filter.subject !== undefined) conditions.push({ subject: filter.subject });
  if (filter.since !== undefined) conditions.push({ at: { [Op.gte]: filter.since.getTime() } });
  if (cursor !== undefined) {
    const at = cursor.at.getTime();
    conditions.push({ at: { [Op.lte]: at } }, { [Op.or]: [{ at: { [Op.lt]: at } }, { id: { [Op.lt]: cursor.id } }] });
  }
  return { [Op.and]: conditions };
}

export class SequelizeAuditLog implements AuditRecords {
  readonly #models: AuditModels;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ models: AuditModels; transaction: Transaction | null }>) {
    this.#models = deps.models;
    this.#transaction = deps.transaction;
  }

  async add(entry: AuditEntry): Promise<void> {
    await this.#models.entries.create(rowOf(entry), { transaction: this.#transaction });
  }

  async list(
    filter: AuditFilter,
    { limit, cursor }: Readonly<{ limit: number; cursor?: AuditCursor }>,
  ): Promise<Page<AuditEntry, AuditCursor>> {
    const rows = await this.#models.entries.findAll({
      where: matching(filter, cursor),
      order: [
        ['at', 'DESC'],
        ['id', 'DESC'],
      ],
      limit: limit + 1,
      transaction: this.#transaction,
    });
    const items = rows.slice(0, limit).map((row) => entryFrom(row.get()));
    const last = items.at(-1);
    return { items, next: rows.length > limit && last !== undefined ? { at: last.at, id: last.id } : null };
  }

  async listSealed(fromSequence: number, limit: number): Promise<readonly SealedEntry[]> {
    const rows = await this.#models.entries.findAll({
      where: { place: { [Op.gte]: fromSequence } },
      order: ['place'],
      limit,
      transaction: this.#transaction,
    });
    return rows.map((row) => {
      const { place, hash, ...said } = row.get();
      return { entry: entryFrom({ ...said, place, hash }), sequence: Number(place), hash: hash as string };
    });
  }

  async listUnsealed(limit: number): Promise<readonly AuditEntry[]> {
    const rows = await this.#models.entries.findAll({
      where: { place: null },
      order: ['at', 'id'],
      limit,
      transaction: this.#transaction,
    });
    return rows.map((row) => entryFrom(row.get()));
  }

  countUnsealed(): Promise<number> {
    return this.#models.entries.count({ where: { place: null }, transaction: this.#transaction });
  }

  async findHead(): Promise<AuditHead | undefined> {
    const row = await this.#models.heads.findByPk(1, { transaction: this.#transaction });
    return row === null ? undefined : { sequence: Number(row.get().place), hash: row.get().hash };
  }

  async seal(entries: readonly SealedEntry[]): Promise<void> {
    const transaction = this.#transaction;
    const last = entries.at(-1);
    if (last === undefined) return;
    const rows = entries.map(({ entry, sequence: place, hash }) => [entry.id, place, hash]);
    await this.#models.entries.sequelize?.query(SEAL, { replacements: { rows }, transaction });
    await this.#models.heads.update({ place: last.sequence, hash: last.hash }, { where: { id: 1 }, transaction });
  }
}
