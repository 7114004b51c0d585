/** Invitations to games: the model, the mapping of a row, and the store. */
import {
  literal,
  type Model,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
  type WhereOptions,
} from 'sequelize';
import type { InvitationCursor, Invitations } from '#application/games/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { GAME_ROLES, type GameRole } from '#domain/games/game.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import type { GameId, InvitationId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { dateFrom, integer, nullable, primaryKey, reference, text, time, unique } from '../shared/columns.ts';
import { newestFirst, olderRows, pageOf } from '../shared/keyset.ts';

type InvitationRow = {
  id: string;
  game_id: string;
  digest: string;
  role_in_game: string;
  email: string | null;
  max_uses: number;
  uses: number;
  created_by_user_id: string | null;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
};

export type InvitationModel = ModelStatic<Model<InvitationRow>>;

export function defineInvitations(sequelize: Sequelize): InvitationModel {
  return sequelize.define<Model<InvitationRow>>(
    'gameInvitation',
    {
      id: primaryKey(text()),
      game_id: reference('games'),
      digest: unique(text()),
      role_in_game: text(),
      email: nullable(text()),
      max_uses: integer(),
      uses: integer(),
      created_by_user_id: nullable(reference('users')),
      created_at: time(),
      expires_at: time(),
      revoked_at: nullable(time()),
    },
    { tableName: 'game_invitations', timestamps: false },
  );
}

function invitationFrom(row: InvitationRow): Invitation {
  return {
    id: row.id as InvitationId,
    gameId: row.game_id as GameId,
    digest: row.digest,
    roleInGame: row.role_in_game as GameRole,
    email: row.email,
    maxUses: row.max_uses,
    uses: row.uses,
    createdByUserId: row.created_by_user_id as UserId | null,
    createdAt: dateFrom(row.created_at),
    expiresAt: dateFrom(row.expires_at),
    revokedAt: dateFrom(row.revoked_at),
  };
}

function rowOf(invitation: Invitation): InvitationRow {
  return {
    id: invitation.id,
    game_id: invitation.gameId,
    digest: invitation.digest,
    role_in_game: known(GAME_ROLES, invitation.roleInGame),
    email: invitation.email,
    max_uses: invitation.maxUses,
    uses: invitation.uses,
    created_by_user_id: invitation.createdByUserId,
    created_at: invitation.createdAt.getTime(),
    expires_at: invitation.expiresAt.getTime(),
    revoked_at: invitation.revokedAt?.getTime() ?? null,
  };
}

export class SequelizeInvitations implements Invitations {
  readonly #model: InvitationModel;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ model: InvitationModel; transaction: Transaction | null }>) {
    this.#model = deps.model;
    this.#transaction = deps.transaction;
  }

  find(gameId: GameId, id: InvitationId): Promise<Invitation | undefined> {
    return this.#findWhere({ id, game_id: gameId });
  }

  findByDigest(digest: string): Promise<Invitation | undefined> {
    return this.#findWhere({ digest });
  }

  async list(
    gameId: GameId,
    { limit, cursor }: PageRequest<InvitationCursor>,
  ): Promise<Page<Invitation, InvitationCursor>> {
    const rows = await this.#model.findAll({
      where: { game_id: gameId, ...olderRows('created_at', 'id', cursor) },
      order: newestFirst('created_at', 'id'),
      limit: limit + 1,
      transaction: this.#transaction,
    });
    const found = rows.map((row) => invitationFrom(row.get()));
    return pageOf(found, limit, (invitation) => ({ at: invitation.createdAt, id: invitation.id }));
  }

  async add(invitation: Invitation): Promise<void> {
    await this.#model.create(rowOf(invitation), { transaction: this.#transaction });
  }

  async use(id: InvitationId): Promise<boolean> {
    const [changed] = await this.#model.update(
      { uses: literal('uses + 1') as unknown as number },
      { where: { id, revoked_at: null, uses: { [Op.lt]: literal('max_uses') } }, transaction: this.#transaction },
    );
    return changed === 1;
  }

  async revoke(id: InvitationId, at: Date): Promise<void> {
    const transaction = this.#transaction;
    await this.#model.update({ revoked_at: at.getTime() }, { where: { id, revoked_at: null }, transaction });
  }

  async #findWhere(where: WhereOptions<InvitationRow>): Promise<Invitation | undefined> {
    const row = await this.#model.findOne({ where, transaction: this.#transaction });
    return row === null ? undefined : invitationFrom(row.get());
  }
}
