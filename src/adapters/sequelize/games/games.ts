/** Games: the model, the mapping of a row, and the store. */
import { type Model, type ModelStatic, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { GameCursor, Games } from '#application/games/ports.ts';
import type { Page } from '#application/shared/page.ts';
import type { Game, GameRole } from '#domain/games/game.ts';
import type { SeenGame } from '#domain/games/policy.ts';
import type { GameId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { dateFrom, nullable, primaryKey, reference, text, time } from '../shared/columns.ts';
import { isOlder, olderThan, pageOf } from '../shared/keyset.ts';

type GameRow = {
  id: string;
  workspace_id: string;
  name: string;
  description: string | null;
  created_by_user_id: string | null;
  created_at: number;
};

export type GameModel = ModelStatic<Model<GameRow>>;

export function defineGames(sequelize: Sequelize): GameModel {
  return sequelize.define<Model<GameRow>>(
    'game',
    {
      id: primaryKey(text()),
      workspace_id: nullable(reference('workspaces')),
      name: text(),
      description: nullable(text()),
      created_by_user_id: nullable(reference('users')),
      created_at: time(),
    },
    { tableName: 'games', timestamps: false },
  );
}

function gameFrom(row: GameRow): Game {
  return {
    id: row.id as GameId,
    workspaceId: row.workspace_id as WorkspaceId,
    name: row.name,
    description: row.description,
    createdByUserId: row.created_by_user_id as UserId | null,
    createdAt: dateFrom(row.created_at),
  };
}

function rowOf(game: Game): GameRow {
  return {
    id: game.id,
    workspace_id: game.workspaceId,
    name: game.name,
    description: game.description,
    created_by_user_id: game.createdByUserId,
    created_at: game.createdAt.getTime(),
  };
}

type Deps = Readonly<{ sequelize: Sequelize; model: GameModel; transaction: Transaction | null }>;

export class SequelizeGames implements Games {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async find(id: GameId): Promise<Game | undefined> {
    const row = await this.#deps.model.findByPk(id, { transaction: this.#deps.transaction });
    return row === null ? undefined : gameFrom(row.get());
  }

  async add(game: Game): Promise<void> {
    await this.#deps.model.create(rowOf(game), { transaction: this.#deps.transaction });
  }

  async save(game: Game): Promise<void> {
    await this.#deps.model.update(rowOf(game), { where: { id: game.id }, transaction: this.#deps.transaction });
  }

  async remove(id: GameId): Promise<void> {
    await this.#deps.model.destroy({ where: { id }, transaction: this.#deps.transaction });
  }

  async list(
    viewer: UserId,
    page: Readonly<{ workspaceId: WorkspaceId; all: boolean; limit: number; cursor?: GameCursor }>,
  ): Promise<Page<SeenGame, GameCursor>> {
    const { sequelize, transaction } = this.#deps;
    const { workspaceId, all, limit, cursor } = page;
    const rows = await sequelize.query<GameRow & { role_in_game: string | null }>(
      `SELECT games.*, mine.role_in_game
       FROM games ${all ? 'LEFT JOIN' : 'JOIN'} game_members AS mine
         ON mine.game_id = games.id AND mine.user_id = :viewer
       WHERE games.workspace_id = :workspaceId AND ${isOlder('games.created_at', 'games.id')}
       ORDER BY games.created_at DESC, games.id DESC LIMIT :limit`,
      {
        replacements: { viewer, workspaceId, limit: limit + 1, ...olderThan(cursor) },
        type: QueryTypes.SELECT,
        transaction,
      },
    );
    const found = rows.map((row): SeenGame => ({ game: gameFrom(row), myRole: row.role_in_game as GameRole | null }));
    return pageOf(found, limit, ({ game }) => ({ at: game.createdAt, id: game.id }));
  }
}
