/** Who is in which game: the model, the mapping of a row, and the store. */
import { type Model, type ModelStatic, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { MemberCursor, Memberships } from '#application/games/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { GAME_ROLES, type GameRole, type Member, type Membership } from '#domain/games/game.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { GameId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { dateFrom, primaryKey, reference, text, time } from '../shared/columns.ts';
import { isForeignKeyViolation, isUniqueViolation } from '../shared/failures.ts';
import { isNewer, newerThan, pageOf } from '../shared/keyset.ts';

type MembershipRow = { game_id: string; user_id: string; role_in_game: string; joined_at: number };
type MemberRow = MembershipRow & { display_name: string };

export type MembershipModel = ModelStatic<Model<MembershipRow>>;

export function defineMemberships(sequelize: Sequelize): MembershipModel {
  return sequelize.define<Model<MembershipRow>>(
    'gameMember',
    {
      game_id: primaryKey(reference('games')),
      user_id: primaryKey(reference('users')),
      role_in_game: text(),
      joined_at: time(),
    },
    { tableName: 'game_members', timestamps: false },
  );
}

function memberFrom(row: MemberRow): Member {
  return {
    gameId: row.game_id as GameId,
    userId: row.user_id as UserId,
    roleInGame: row.role_in_game as GameRole,
    joinedAt: dateFrom(row.joined_at),
    displayName: row.display_name,
  };
}

const MEMBERS = `
  SELECT game_members.*, users.display_name FROM game_members JOIN users ON users.id = game_members.user_id
  WHERE game_members.game_id = :gameId`;

const ACTIVE_GMS = `
  SELECT COUNT(*) AS gms FROM game_members JOIN users ON users.id = game_members.user_id
  WHERE game_id = :gameId AND role_in_game = 'gm' AND status = 'active'`;

const WORKSPACE_OF_GAME = `
  SELECT workspace_id FROM game_members JOIN games ON games.id = game_id
  WHERE game_id = :gameId AND user_id = :userId`;

/** Those in one workspace, or all. */
const IN_WORKSPACE = '(:workspaceId IS NULL OR game_id IN (SELECT id FROM games WHERE workspace_id = :workspaceId))';

/** Games that the user leads alone. */
const LED_ALONE = `
  SELECT game_id FROM game_members AS own
  WHERE user_id = :userId AND role_in_game = 'gm' AND ${IN_WORKSPACE} AND NOT EXISTS (
    SELECT 1 FROM game_members AS other
    WHERE other.game_id = own.game_id AND other.role_in_game = 'gm' AND other.user_id <> :userId)
  LIMIT 1`;
const REMOVE_ALL = `DELETE FROM game_members WHERE user_id = :userId AND ${IN_WORKSPACE}`;

type Deps = Readonly<{ sequelize: Sequelize; model: MembershipModel; transaction: Transaction | null }>;

export class SequelizeMemberships implements Memberships {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async findRole(gameId: GameId, userId: UserId): Promise<GameRole | undefined> {
    const { model, transaction } = this.#deps;
    const row = await model.findOne({ where: { game_id: gameId, user_id: userId }, transaction });
    return row?.get().role_in_game as GameRole | undefined;
  }

  async getWorkspace(gameId: GameId, userId: UserId, among: readonly WorkspaceId[]): Promise<WorkspaceId> {
    const [row] = await this.#select<{ workspace_id: string }>(WORKSPACE_OF_GAME, { gameId, userId });
    const found = among.find((id) => id === row?.workspace_id);
    if (found === undefined) throw gameErrors.gameNotFound();
    return found;
  }

  async find(gameId: GameId, userId: UserId): Promise<Member | undefined> {
    const [row] = await this.#select<MemberRow>(`${MEMBERS} AND user_id = :userId`, { gameId, userId });
    return row === undefined ? undefined : memberFrom(row);
  }

  async list(gameId: GameId, { limit, cursor }: PageRequest<MemberCursor>): Promise<Page<Member, MemberCursor>> {
    const rows = await this.#select<MemberRow>(
      `${MEMBERS} AND ${isNewer('joined_at', 'user_id')} ORDER BY joined_at, user_id LIMIT :limit`,
      { gameId, limit: limit + 1, ...newerThan(cursor) },
    );
    return pageOf(rows.map(memberFrom), limit, (member) => ({ at: member.joinedAt, id: member.userId }));
  }

  countGms(gameId: GameId): Promise<number> {
    const { model, transaction } = this.#deps;
    return model.count({ where: { game_id: gameId, role_in_game: 'gm' }, transaction });
  }

  async countActiveGms(gameId: GameId): Promise<number> {
    const [row] = await this.#select<{ gms: number | string }>(ACTIVE_GMS, { gameId });
    return Number(row?.gms);
  }

  async add({ gameId, userId, roleInGame, joinedAt }: Membership): Promise<void> {
    const { model, transaction } = this.#deps;
    const role_in_game = known(GAME_ROLES, roleInGame);
    const row = { game_id: gameId, user_id: userId, role_in_game, joined_at: joinedAt.getTime() };
    try {
      await model.create(row, { transaction });
    } catch (error) {
      if (isUniqueViolation(error, 'user_id')) throw gameErrors.alreadyMember();
      if (isForeignKeyViolation(error)) throw identityErrors.userNotFound();
      throw error;
    }
  }

  async save({ gameId, userId, roleInGame }: Membership): Promise<void> {
    const { model, transaction } = this.#deps;
    const role_in_game = known(GAME_ROLES, roleInGame);
    await model.update({ role_in_game }, { where: { game_id: gameId, user_id: userId }, transaction });
  }

  async remove(gameId: GameId, userId: UserId): Promise<void> {
    const { model, transaction } = this.#deps;
    await model.destroy({ where: { game_id: gameId, user_id: userId }, transaction });
  }

  removeByUser(userId: UserId): Promise<void> {
    return this.#removeAll({ userId, workspaceId: null });
  }

  removeFromWorkspace(userId: UserId, workspaceId: WorkspaceId): Promise<void> {
    return this.#removeAll({ userId, workspaceId });
  }

  async #removeAll(whose: Readonly<{ userId: UserId; workspaceId: WorkspaceId | null }>): Promise<void> {
    const { sequelize, transaction } = this.#deps;
    const [led] = await this.#select<{ game_id: string }>(LED_ALONE, whose);
    if (led !== undefined) throw gameErrors.lastGm({ gameId: led.game_id });
    await sequelize.query(REMOVE_ALL, { replacements: whose, transaction });
  }

  #select<Row extends object>(sql: string, replacements: Record<string, unknown>): Promise<Row[]> {
    const { sequelize, transaction } = this.#deps;
    return sequelize.query<Row>(sql, { replacements, type: QueryTypes.SELECT, transaction });
  }
}
