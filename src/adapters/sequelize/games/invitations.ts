/** Invitations to games: the model, and the mapping of a row. */
import type { Model, ModelStatic, Sequelize } from 'sequelize';
import { GAME_ROLES, type GameRole } from '#domain/games/game.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import type { GameId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { reference, text } from '../shared/columns.ts';
import { type InvitationKind, type TermsRow, termsColumns, termsFrom, termsRowOf } from '../shared/invitations.ts';

type InvitationRow = TermsRow & { game_id: string; role_in_game: string };

export function defineInvitations(sequelize: Sequelize): ModelStatic<Model<InvitationRow>> {
  return sequelize.define<Model<InvitationRow>>(
    'gameInvitation',
    { ...termsColumns(), game_id: reference('games'), role_in_game: text() },
    { tableName: 'game_invitations', timestamps: false },
  );
}

export const GAME_INVITATIONS: InvitationKind<Invitation, InvitationRow> = {
  targetColumn: 'game_id',
  from: (row) => ({ ...termsFrom(row), gameId: row.game_id as GameId, roleInGame: row.role_in_game as GameRole }),
  rowOf: (invitation) => ({
    ...termsRowOf(invitation),
    game_id: invitation.gameId,
    role_in_game: known(GAME_ROLES, invitation.roleInGame),
  }),
};
