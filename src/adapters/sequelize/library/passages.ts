/** Passages of documents: the store within a unit of work. */
import { Op, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { PassageCursor, Passages, PassagesOf } from '#application/library/documents/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Document } from '#domain/library/document.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import type { Passage } from '#domain/library/passage.ts';
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import type { DocumentId, PassageId } from '#domain/shared/ids.ts';
import { pageOf } from '../shared/keyset.ts';
import type { Dialect } from '../shared/statement.ts';
import { type PassageModel, passageFrom, passageRow } from './document-rows.ts';
import { type FoundRow, foundFrom, READABLE_PASSAGE } from './finding-statements.ts';
import { PassageIndex, type RemovedPassage } from './passage-index.ts';
import { readerValues } from './readable-documents.ts';

/** One value for all rows: a model for each row takes ten times as long. */
const COLUMNS = [
  ['id', 'text'],
  ['document_id', 'text'],
  ['source_id', 'text'],
  ['generation', 'integer'],
  ['ordinal', 'integer'],
  ['heading_path', 'text'],
  ['page', 'integer'],
  ['page_label', 'text'],
  ['time_code', 'text'],
  ['text', 'text'],
  ['tokens', 'integer'],
  ['sha256', 'text'],
] as const;
const NAMES = COLUMNS.map(([name]) => name).join(', ');
const INSERT: Readonly<Record<Dialect, string>> = {
  sqlite: `INSERT INTO passages (${NAMES})
    SELECT ${COLUMNS.map(([name]) => `value ->> '${name}'`).join(', ')} FROM json_each($rows) ORDER BY key`,
  postgres: `INSERT INTO passages (${NAMES})
    SELECT ${NAMES} FROM json_to_recordset($rows::json) AS given (${COLUMNS.map((pair) => pair.join(' ')).join(', ')})
    ORDER BY ordinal`,
};

const earlier = (digests: string) => `
  SELECT DISTINCT p.sha256 FROM passages AS p
  JOIN documents AS d ON d.id = p.document_id AND d.generation = p.generation
  WHERE p.source_id = :sourceId AND p.sha256 IN (${digests}) AND d.id <> :id AND CASE
    WHEN d.audience = 'gm' THEN :isForGms AND (d.created_at < :at OR (d.created_at = :at AND d.id < :id))
    ELSE :isForGms OR d.created_at < :at OR (d.created_at = :at AND d.id < :id) END`;
const EARLIER: Readonly<Record<Dialect, string>> = {
  sqlite: earlier('SELECT value FROM json_each(:digests)'),
  postgres: earlier('SELECT json_array_elements_text(:digests)'),
};

type Deps = Readonly<{ sequelize: Sequelize; model: PassageModel; transaction: Transaction | null }>;

export class SequelizePassages implements Passages {
  readonly #deps: Deps;
  readonly #index: PassageIndex;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#index = new PassageIndex(deps);
  }

  async findReadable(id: PassageId, reader: LibraryReader): Promise<FoundPassage | undefined> {
    const { sequelize, transaction } = this.#deps;
    const replacements = { ...readerValues(reader), id };
    const options = { replacements, type: QueryTypes.SELECT, transaction } as const;
    const [row] = await sequelize.query<FoundRow>(READABLE_PASSAGE, options);
    return row === undefined ? undefined : foundFrom(row);
  }

  async list(
    { documentId, generation }: Readonly<{ documentId: DocumentId; generation: number }>,
    { limit, cursor = 0 }: PageRequest<PassageCursor>,
  ): Promise<Page<Passage, PassageCursor>> {
    const rows = await this.#deps.model.findAll({
      where: { document_id: documentId, generation, ordinal: { [Op.gt]: cursor } },
      order: [['ordinal', 'ASC']],
      limit: limit + 1,
      transaction: this.#deps.transaction,
    });
    return pageOf(
      rows.map((row) => passageFrom(row.get())),
      limit,
      ({ ordinal }) => ordinal,
    );
  }

  count(of: PassagesOf): Promise<number> {
    return this.#deps.model.count({ where: whereOf(of), transaction: this.#deps.transaction });
  }

  async findEarlier(document: Document, sha256s: readonly string[]): Promise<ReadonlySet<string>> {
    const { sequelize, transaction } = this.#deps;
    const { id, sourceId, audience, createdAt } = document;
    const digests = JSON.stringify(sha256s);
    const rows = await sequelize.query<{ sha256: string }>(EARLIER[sequelize.getDialect() as Dialect], {
      replacements: { id, sourceId, isForGms: audience === 'gm', at: createdAt.getTime(), digests },
      type: QueryTypes.SELECT,
      transaction,
    });
    return new Set(rows.map(({ sha256 }) => sha256));
  }

  async add(passages: readonly Passage[]): Promise<void> {
    if (passages.length === 0) return;
    const { sequelize, transaction } = this.#deps;
    const rows = JSON.stringify(passages.map(passageRow));
    await sequelize.query(INSERT[sequelize.getDialect() as Dialect], { bind: { rows }, transaction });
    await this.#index.add(passages);
  }

  async removePage(of: PassagesOf, limit: number): Promise<number> {
    const { sequelize, transaction } = this.#deps;
    const ofGeneration = of.generation === null ? '' : 'AND generation = :generation';
    const gone = await sequelize.query<RemovedPassage>(
      `DELETE FROM passages WHERE number IN (
         SELECT number FROM passages WHERE document_id = :documentId ${ofGeneration}
         ORDER BY generation, ordinal LIMIT :limit
       ) RETURNING generation, ordinal`,
      { replacements: { ...of, limit }, type: QueryTypes.SELECT, transaction },
    );
    await this.#index.remove(of.documentId, gone);
    return gone.length;
  }
}

function whereOf({ documentId, generation }: PassagesOf) {
  return { document_id: documentId, ...(generation === null ? {} : { generation }) };
}
