/** The audit log and the head of its chain: the models, the mapping of a row, and the store. */
import { type Model, type ModelStatic, Op, type Sequelize, type Transaction, type WhereOptions } from 'sequelize';
import type { AuditCursor, AuditFilter, AuditHead, AuditRecords, SealedEntry } from '#application/audit/ports.ts';
import { ACTOR_KINDS, type AuditEntry, type AuditFacts, OUTCOMES } from '#application/shared/audit-log.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { AuditEntryId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { bigint, dateFrom, integer, nullable, primaryKey, text, time, unique } from '../shared/columns.ts';
import { newestFirst, olderRows, pageOf } from '../shared/keyset.ts';

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
  const entries = sequelize.define<Model<AuditRow>>(
    'auditEntry',
    {
      id: primaryKey(text()),
      at: time(),
      actor_id: nullable(text()),
      actor_kind: text(),
      action: text(),
      subject: nullable(text()),
      outcome: text(),
      facts_before: nullable(text()),
      facts_after: nullable(text()),
      ip: nullable(text()),
      request_id: nullable(text()),
      place: unique(nullable(bigint())),
      hash: nullable(text()),
    },
    { tableName: 'audit_entries', timestamps: false },
  );
  const heads = sequelize.define<Model<HeadRow>>(
    'auditHead',
    {
      id: primaryKey(integer()),
      place: bigint(),
      hash: text(),
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
    at: dateFrom(row.at),
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
  const conditions: WhereOptions<AuditRow>[] = [olderRows('at', 'id', cursor)];
  if (filter.actor !== undefined) conditions.push({ actor_id: filter.actor });
  if (filter.action !== undefined) conditions.push({ action: filter.action });
  if (filter.subject !== undefined) conditions.push({ subject: filter.subject });
  if (filter.since !== undefined) conditions.push({ at: { [Op.gte]: filter.since.getTime() } });
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

  async list(filter: AuditFilter, { limit, cursor }: PageRequest<AuditCursor>): Promise<Page<AuditEntry, AuditCursor>> {
    const rows = await this.#models.entries.findAll({
      where: matching(filter, cursor),
      order: newestFirst('at', 'id'),
      limit: limit + 1,
      transaction: this.#transaction,
    });
    const found = rows.map((row) => entryFrom(row.get()));
    return pageOf(found, limit, ({ at, id }) => ({ at, id }));
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
