/** Documents: the store within a unit of work. */
import { Op, QueryTypes, type Sequelize, type Transaction, type WhereOptions } from 'sequelize';
import type { DocumentCount, DocumentCursor, Documents } from '#application/library/documents/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Document, DocumentKind, DocumentStatus } from '#domain/library/document.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import type { DocumentId, SourceId } from '#domain/shared/ids.ts';
import { isOlder, newestFirst, olderRows, olderThan, pageOf } from '../shared/keyset.ts';
import type { Dialect } from '../shared/statement.ts';
import { changeableColumns, type DocumentModel, type DocumentRow, documentFrom, documentRow } from './document-rows.ts';
import { DOCUMENT_IS_READABLE, readerValues, SOURCE_IS_READABLE } from './readable-documents.ts';

const READABLE = `SELECT d.* FROM documents AS d JOIN sources AS s ON s.id = d.source_id WHERE ${DOCUMENT_IS_READABLE}`;

const READABLE_IDS: Readonly<Record<Dialect, string>> = {
  sqlite: readableIds('SELECT value FROM json_each(:ids)'),
  postgres: readableIds('SELECT json_array_elements_text(:ids)'),
};

const COUNT_ALL = `SELECT kind, status, COUNT(*) AS count FROM documents
  GROUP BY kind, status ORDER BY kind, status`;

type Deps = Readonly<{ sequelize: Sequelize; model: DocumentModel; transaction: Transaction | null }>;
type PageOf = PageRequest<DocumentCursor>;

export class SequelizeDocuments implements Documents {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  find(id: DocumentId): Promise<Document | undefined> {
    return this.#findWhere({ id });
  }

  findBySha256(sourceId: SourceId, sha256: string): Promise<Document | undefined> {
    return this.#findWhere({ source_id: sourceId, sha256 });
  }

  async findReadable(id: DocumentId, reader: LibraryReader): Promise<Document | undefined> {
    const [row] = await this.#select<DocumentRow>(`${READABLE} AND d.id = :id`, { ...readerValues(reader), id });
    return row === undefined ? undefined : documentFrom(row);
  }

  async findReadableIds(ids: readonly DocumentId[], reader: LibraryReader): Promise<ReadonlySet<DocumentId>> {
    const sql = READABLE_IDS[this.#deps.sequelize.getDialect() as Dialect];
    const rows = await this.#select<{ id: DocumentId }>(sql, { ...readerValues(reader), ids: JSON.stringify(ids) });
    return new Set(rows.map(({ id }) => id));
  }

  async isSourceReadable(sourceId: SourceId, reader: LibraryReader): Promise<boolean> {
    const sql = `SELECT s.id FROM sources AS s WHERE s.id = :sourceId AND ${SOURCE_IS_READABLE}`;
    return (await this.#select(sql, { ...readerValues(reader), sourceId })).length > 0;
  }

  async list(sourceId: SourceId, { limit, cursor }: PageOf): Promise<Page<Document, DocumentCursor>> {
    const rows = await this.#deps.model.findAll({
      where: { source_id: sourceId, ...olderRows('created_at', 'id', cursor) },
      order: newestFirst('created_at', 'id'),
      limit: limit + 1,
      transaction: this.#deps.transaction,
    });
    return pageOf(
      rows.map((row) => documentFrom(row.get())),
      limit,
      cursorOf,
    );
  }

  async listReadable(
    sourceId: SourceId,
    reader: LibraryReader,
    { limit, cursor }: PageOf,
  ): Promise<Page<Document, DocumentCursor>> {
    const rows = await this.#select<DocumentRow>(
      `${READABLE} AND d.source_id = :sourceId AND ${isOlder('d.created_at', 'd.id')}
       ORDER BY d.created_at DESC, d.id DESC LIMIT :limit`,
      { ...readerValues(reader), sourceId, limit: limit + 1, ...olderThan(cursor) },
    );
    return pageOf(rows.map(documentFrom), limit, cursorOf);
  }

  async findFileNames(names: readonly string[]): Promise<readonly string[]> {
    const { model, transaction } = this.#deps;
    const rows = await model.findAll({ where: { file_name: [...names] }, attributes: ['file_name'], transaction });
    return rows.map((row) => row.get().file_name);
  }

  async listAll({ limit, cursor }: PageRequest<DocumentId>): Promise<Page<Document, DocumentId>> {
    const { model, transaction } = this.#deps;
    const where = cursor === undefined ? {} : { id: { [Op.gt]: cursor } };
    const rows = await model.findAll({ where, order: [['id', 'ASC']], limit: limit + 1, transaction });
    return pageOf(
      rows.map((row) => documentFrom(row.get())),
      limit,
      ({ id }) => id,
    );
  }

  async hasDeduplicated(sourceId: SourceId): Promise<boolean> {
    return (await this.#findWhere({ source_id: sourceId, deduplicated: true })) !== undefined;
  }

  async countAll(): Promise<readonly DocumentCount[]> {
    const rows = await this.#select<{ kind: DocumentKind; status: DocumentStatus; count: number }>(COUNT_ALL, {});
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }

  /**
   * Two that are added at once see each other: PostgreSQL says so of a row that its snapshot does not have, and the
   * later unit of work runs again. A violation of the index would not be run again.
   */
  async add(document: Document): Promise<void> {
    const { sequelize, transaction } = this.#deps;
    const row = documentRow(document);
    const names = Object.keys(row);
    const sql = `INSERT INTO documents (${names.join(', ')}) VALUES (${names.map((name) => `:${name}`).join(', ')})
      ON CONFLICT (source_id, sha256) DO NOTHING`;
    const [, added] = await sequelize.query(sql, { replacements: row, type: QueryTypes.INSERT, transaction });
    if (added === 0) throw new Error('There is a document with these bytes already.');
  }

  async save(document: Document): Promise<void> {
    const { model, transaction } = this.#deps;
    await model.update(changeableColumns(document), { where: { id: document.id }, transaction });
  }

  async remove(id: DocumentId): Promise<void> {
    await this.#deps.model.destroy({ where: { id }, transaction: this.#deps.transaction });
  }

  async #findWhere(where: WhereOptions<DocumentRow>): Promise<Document | undefined> {
    const row = await this.#deps.model.findOne({ where, transaction: this.#deps.transaction });
    return row === null ? undefined : documentFrom(row.get());
  }

  #select<Row extends object>(sql: string, replacements: Record<string, unknown>): Promise<Row[]> {
    const { sequelize, transaction } = this.#deps;
    return sequelize.query<Row>(sql, { replacements, type: QueryTypes.SELECT, transaction });
  }
}

function readableIds(ids: string): string {
  return `SELECT d.id FROM documents AS d JOIN sources AS s ON s.id = d.source_id
    WHERE d.id IN (${ids}) AND ${DOCUMENT_IS_READABLE}`;
}

function cursorOf({ createdAt, id }: Document): DocumentCursor {
  return { at: createdAt, id };
}
