/** Workspaces: the model, the mapping of a row, and the store. */
import { type Model, type ModelStatic, Op, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { WorkspaceCursor, Workspaces } from '#application/workspaces/ports.ts';
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import type { Workspace, WorkspaceContents } from '#domain/workspaces/workspace.ts';
import { dateFrom, nullable, primaryKey, reference, text, time } from '../shared/columns.ts';
import { newestFirst, olderRows, pageOf } from '../shared/keyset.ts';

type WorkspaceRow = { id: string; name: string; created_by_user_id: string | null; created_at: number };
type WorkspaceModel = ModelStatic<Model<WorkspaceRow>>;

export function defineWorkspaces(sequelize: Sequelize): WorkspaceModel {
  return sequelize.define<Model<WorkspaceRow>>(
    'workspace',
    {
      id: primaryKey(text()),
      name: text(),
      created_by_user_id: nullable(reference('users')),
      created_at: time(),
    },
    { tableName: 'workspaces', timestamps: false },
  );
}

function workspaceFrom(row: WorkspaceRow): Workspace {
  return {
    id: row.id as WorkspaceId,
    name: row.name,
    createdByUserId: row.created_by_user_id as UserId | null,
    createdAt: dateFrom(row.created_at),
  };
}

function rowOf(workspace: Workspace): WorkspaceRow {
  return {
    id: workspace.id,
    name: workspace.name,
    created_by_user_id: workspace.createdByUserId,
    created_at: workspace.createdAt.getTime(),
  };
}

/** Threads of a game are seen by its members; private ones by nobody, once their owner has left. */
const CONTENTS = `SELECT
  (SELECT COUNT(*) FROM games WHERE workspace_id = :id) AS games,
  (SELECT COUNT(*) FROM sources WHERE workspace_id = :id) AS sources,
  (SELECT COUNT(*) FROM threads WHERE workspace_id = :id AND deleted_at IS NULL AND (game_id IS NOT NULL
    OR owner_id IN (SELECT user_id FROM workspace_members WHERE workspace_id = :id))) AS threads`;
/** They are removed later, with what they hold. */
const RELEASE_HIDDEN = 'UPDATE threads SET workspace_id = NULL WHERE workspace_id = :id AND deleted_at IS NOT NULL';

/** PostgreSQL's driver gives counts as text. */
type CountRow = Record<keyof WorkspaceContents, number | string>;

type Deps = Readonly<{ sequelize: Sequelize; model: WorkspaceModel; transaction: Transaction | null }>;

export class SequelizeWorkspaces implements Workspaces {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async find(id: WorkspaceId): Promise<Workspace | undefined> {
    const row = await this.#deps.model.findByPk(id, { transaction: this.#deps.transaction });
    return row === null ? undefined : workspaceFrom(row.get());
  }

  async list(
    ids: readonly WorkspaceId[],
    { limit, cursor }: PageRequest<WorkspaceCursor>,
  ): Promise<Page<Workspace, WorkspaceCursor>> {
    const older = olderRows('created_at', 'id', cursor);
    const rows = await this.#deps.model.findAll({
      where: { [Op.and]: [{ id: { [Op.in]: [...ids] } }, older] },
      order: newestFirst('created_at', 'id'),
      limit: limit + 1,
      transaction: this.#deps.transaction,
    });
    const found = rows.map((row) => workspaceFrom(row.get()));
    return pageOf(found, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  async countContents(id: WorkspaceId): Promise<WorkspaceContents> {
    const { sequelize, transaction } = this.#deps;
    const options = { replacements: { id }, type: QueryTypes.SELECT as const, transaction };
    const [row] = await sequelize.query<CountRow>(CONTENTS, options);
    const { games, sources, threads } = row as CountRow;
    return { games: Number(games), sources: Number(sources), threads: Number(threads) };
  }

  async add(workspace: Workspace): Promise<void> {
    await this.#deps.model.create(rowOf(workspace), { transaction: this.#deps.transaction });
  }

  async save(workspace: Workspace): Promise<void> {
    const { model, transaction } = this.#deps;
    await model.update(rowOf(workspace), { where: { id: workspace.id }, transaction });
  }

  async remove(id: WorkspaceId): Promise<void> {
    const { sequelize, model, transaction } = this.#deps;
    await sequelize.query(RELEASE_HIDDEN, { replacements: { id }, transaction });
    await model.destroy({ where: { id }, transaction });
  }
}
