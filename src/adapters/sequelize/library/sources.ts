/** Sources: the model, the mapping of a row, and the store. */
import { type Model, type ModelStatic, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { SourceCursor, Sources } from '#application/library/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import { type Source, sourceKey } from '#domain/library/source.ts';
import type { SourceId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { boolean, dateFrom, nullable, primaryKey, reference, text, time, unique } from '../shared/columns.ts';
import { isUniqueViolation } from '../shared/failures.ts';
import { isOlder, olderThan, pageOf } from '../shared/keyset.ts';
import { isLicensed } from './readable-documents.ts';

type SourceRow = {
  id: string;
  workspace_id: string;
  title: string;
  publisher: string | null;
  edition: string | null;
  description: string | null;
  included: boolean;
  /** What two sources share that may not both exist; it begins with the workspace. */
  title_key: string;
  created_at: number;
};

export type SourceModel = ModelStatic<Model<SourceRow>>;

export function defineSources(sequelize: Sequelize): SourceModel {
  return sequelize.define<Model<SourceRow>>(
    'source',
    {
      id: primaryKey(text()),
      workspace_id: nullable(reference('workspaces')),
      title: text(),
      publisher: nullable(text()),
      edition: nullable(text()),
      description: nullable(text()),
      included: boolean(),
      title_key: unique(text()),
      created_at: time(),
    },
    { tableName: 'sources', timestamps: false },
  );
}

function sourceFrom(row: SourceRow): Source {
  return {
    id: row.id as SourceId,
    workspaceId: row.workspace_id as WorkspaceId,
    title: row.title,
    publisher: row.publisher,
    edition: row.edition,
    description: row.description,
    included: Boolean(row.included),
    createdAt: dateFrom(row.created_at),
  };
}

function rowOf(source: Source): SourceRow {
  return {
    id: source.id,
    workspace_id: source.workspaceId,
    title: source.title,
    publisher: source.publisher,
    edition: source.edition,
    description: source.description,
    included: source.included,
    title_key: sourceKey(source),
    created_at: source.createdAt.getTime(),
  };
}

/** What a user may read at a moment: included for everybody, or by a licence that holds then. */
const READABLE = `(included OR ${isLicensed('sources.id', ':userId', ':now')})`;

type Deps = Readonly<{ sequelize: Sequelize; model: SourceModel; transaction: Transaction | null }>;
type PageOf = PageRequest<SourceCursor>;

export class SequelizeSources implements Sources {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async find(id: SourceId): Promise<Source | undefined> {
    const row = await this.#deps.model.findByPk(id, { transaction: this.#deps.transaction });
    return row === null ? undefined : sourceFrom(row.get());
  }

  list(workspaceId: WorkspaceId, page: PageOf): Promise<Page<Source, SourceCursor>> {
    return this.#listWhere('TRUE', { workspaceId }, page);
  }

  listReadable(
    workspaceId: WorkspaceId,
    { userId, now }: Readonly<{ userId: UserId; now: Date }>,
    page: PageOf,
  ): Promise<Page<Source, SourceCursor>> {
    return this.#listWhere(READABLE, { workspaceId, userId, now: now.getTime() }, page);
  }

  add(source: Source): Promise<void> {
    const { model, transaction } = this.#deps;
    return refusingTaken(() => model.create(rowOf(source), { transaction }));
  }

  save(source: Source): Promise<void> {
    const { model, transaction } = this.#deps;
    return refusingTaken(() => model.update(rowOf(source), { where: { id: source.id }, transaction }));
  }

  async remove(id: SourceId): Promise<void> {
    await this.#deps.model.destroy({ where: { id }, transaction: this.#deps.transaction });
  }

  async #listWhere(
    condition: string,
    values: Record<string, unknown>,
    { limit, cursor }: PageOf,
  ): Promise<Page<Source, SourceCursor>> {
    const { sequelize, transaction } = this.#deps;
    const rows = await sequelize.query<SourceRow>(
      `SELECT * FROM sources WHERE workspace_id = :workspaceId AND ${condition} AND ${isOlder('created_at', 'id')}
       ORDER BY created_at DESC, id DESC LIMIT :limit`,
      {
        replacements: { ...values, limit: limit + 1, ...olderThan(cursor) },
        type: QueryTypes.SELECT,
        transaction,
      },
    );
    return pageOf(rows.map(sourceFrom), limit, (source) => ({ at: source.createdAt, id: source.id }));
  }
}

async function refusingTaken(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw isUniqueViolation(error, 'title_key') ? libraryErrors.sourceTaken() : error;
  }
}
