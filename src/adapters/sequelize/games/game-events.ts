/** What happened in games: the model, the mapping of a row, and the store. */
import { type Model, type ModelStatic, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { GameEventCursor, GameEvents } from '#application/games/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { GameRole } from '#domain/games/game.ts';
import { GAME_EVENT_KINDS, type GameEvent, type NamedGameEvent } from '#domain/games/game-event.ts';
import type { GameEventId, GameId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { boolean, dateFrom, nullable, primaryKey, reference, text, time } from '../shared/columns.ts';
import { isOlder, olderThan, pageOf } from '../shared/keyset.ts';

type GameEventRow = {
  id: string;
  game_id: string;
  at: number;
  kind: string;
  user_id: string | null;
  role_in_game: string | null;
  by_user_id: string | null;
  by_manager: boolean;
};
type NamedRow = GameEventRow & { display_name: string | null; by_display_name: string | null };

export type GameEventModel = ModelStatic<Model<GameEventRow>>;

export function defineGameEvents(sequelize: Sequelize): GameEventModel {
  return sequelize.define<Model<GameEventRow>>(
    'gameEvent',
    {
      id: primaryKey(text()),
      game_id: reference('games'),
      at: time(),
      kind: text(),
      user_id: nullable(reference('users')),
      role_in_game: nullable(text()),
      by_user_id: nullable(reference('users')),
      by_manager: boolean(),
    },
    { tableName: 'game_events', timestamps: false },
  );
}

function eventFrom(row: NamedRow): NamedGameEvent {
  return {
    id: row.id as GameEventId,
    gameId: row.game_id as GameId,
    at: dateFrom(row.at),
    kind: row.kind as GameEvent['kind'],
    userId: row.user_id as UserId | null,
    roleInGame: row.role_in_game as GameRole | null,
    byUserId: row.by_user_id as UserId | null,
    byManager: Boolean(row.by_manager),
    displayName: row.display_name,
    byDisplayName: row.by_display_name,
  };
}

function rowOf(event: GameEvent): GameEventRow {
  return {
    id: event.id,
    game_id: event.gameId,
    at: event.at.getTime(),
    kind: known(GAME_EVENT_KINDS, event.kind),
    user_id: event.userId,
    role_in_game: event.roleInGame,
    by_user_id: event.byUserId,
    by_manager: event.byManager,
  };
}

const EVENTS = `
  SELECT game_events.*, users.display_name, actors.display_name AS by_display_name FROM game_events
  LEFT JOIN users ON users.id = game_events.user_id LEFT JOIN users AS actors ON actors.id = game_events.by_user_id
  WHERE game_events.game_id = :gameId AND ${isOlder('game_events.at', 'game_events.id')}
  ORDER BY game_events.at DESC, game_events.id DESC LIMIT :limit`;

type Deps = Readonly<{ sequelize: Sequelize; model: GameEventModel; transaction: Transaction | null }>;

export class SequelizeGameEvents implements GameEvents {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async add(event: GameEvent): Promise<void> {
    await this.#deps.model.create(rowOf(event), { transaction: this.#deps.transaction });
  }

  async list(
    gameId: GameId,
    { limit, cursor }: PageRequest<GameEventCursor>,
  ): Promise<Page<NamedGameEvent, GameEventCursor>> {
    const { sequelize, transaction } = this.#deps;
    const replacements = { gameId, limit: limit + 1, ...olderThan(cursor) };
    const rows = await sequelize.query<NamedRow>(EVENTS, { replacements, type: QueryTypes.SELECT, transaction });
    return pageOf(rows.map(eventFrom), limit, ({ at, id }) => ({ at, id }));
  }
}
