/** The routes of games, on their use cases. */
import type { Container } from 'inversify';
import type { Route } from '#adapters/http/declaration/route.ts';
import { gameRoutes } from '#adapters/http/games/games.routes.ts';
import { invitationRoutes } from '#adapters/http/games/invitations.routes.ts';
import { memberRoutes } from '#adapters/http/games/members.routes.ts';
import { AddMember } from '#application/games/add-member.ts';
import { AnswerInvitation } from '#application/games/answer-invitation.ts';
import { ChangeGame } from '#application/games/change-game.ts';
import { ChangeMember } from '#application/games/change-member.ts';
import { DeleteGame } from '#application/games/delete-game.ts';
import { InviteToGame } from '#application/games/invite-to-game.ts';
import { ListGames } from '#application/games/list-games.ts';
import { ListInvitations } from '#application/games/list-invitations.ts';
import { ListMembers } from '#application/games/list-members.ts';
import { OpenGame } from '#application/games/open-game.ts';
import { PreviewInvitation } from '#application/games/preview-invitation.ts';
import { ReadGame } from '#application/games/read-game.ts';
import { RemoveMember } from '#application/games/remove-member.ts';
import { RevokeInvitation } from '#application/games/revoke-invitation.ts';

export function gamesRoutesOf(container: Container): readonly Route[] {
  return [
    ...gameRoutes({
      openGame: container.get(OpenGame),
      listGames: container.get(ListGames),
      readGame: container.get(ReadGame),
      changeGame: container.get(ChangeGame),
      deleteGame: container.get(DeleteGame),
    }),
    ...memberRoutes({
      listMembers: container.get(ListMembers),
      addMember: container.get(AddMember),
      changeMember: container.get(ChangeMember),
      removeMember: container.get(RemoveMember),
    }),
    ...invitationRoutes({
      inviteToGame: container.get(InviteToGame),
      listInvitations: container.get(ListInvitations),
      revokeInvitation: container.get(RevokeInvitation),
      previewInvitation: container.get(PreviewInvitation),
      answerInvitation: container.get(AnswerInvitation),
    }),
  ];
}
