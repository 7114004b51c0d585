/** Wires the use cases of the games context, and their routes. */
import { ContainerModule } from 'inversify';
import { gameInvitationRoutes } from '#adapters/http/games/game-invitations.routes.ts';
import { gameRoutes } from '#adapters/http/games/games.routes.ts';
import { memberRoutes } from '#adapters/http/games/members.routes.ts';
import { AddMember } from '#application/games/add-member.ts';
import { AnswerInvitation } from '#application/games/answer-invitation.ts';
import { ChangeGame } from '#application/games/change-game.ts';
import { ChangeMember } from '#application/games/change-member.ts';
import { CheckInviter } from '#application/games/check-inviter.ts';
import { DeleteGame } from '#application/games/delete-game.ts';
import { InviteToGame } from '#application/games/invite-to-game.ts';
import { ListGameEvents } from '#application/games/list-game-events.ts';
import { ListGames } from '#application/games/list-games.ts';
import { ListInvitations } from '#application/games/list-invitations.ts';
import { ListMembers } from '#application/games/list-members.ts';
import { OpenGame } from '#application/games/open-game.ts';
import { PreviewInvitation } from '#application/games/preview-invitation.ts';
import { ReadGame } from '#application/games/read-game.ts';
import { RemoveMember } from '#application/games/remove-member.ts';
import { RevokeInvitation } from '#application/games/revoke-invitation.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { tokens } from './tokens.ts';
import { routes, wire } from './wire.ts';

const { clock, ids, unitOfWork, reads, secrets } = tokens;
const audit = AuditEntries;

export const gamesModule = new ContainerModule(({ bind }) => {
  wire(bind, OpenGame, { unitOfWork, audit, clock, ids });
  wire(bind, ListGames, { reads });
  wire(bind, ReadGame, { reads });
  wire(bind, ChangeGame, { unitOfWork, audit, clock, ids });
  wire(bind, DeleteGame, { unitOfWork, audit });
  wire(bind, ListMembers, { reads });
  wire(bind, AddMember, { unitOfWork, audit, clock, ids });
  wire(bind, ChangeMember, { unitOfWork, audit, clock, ids });
  wire(bind, RemoveMember, { unitOfWork, audit, clock, ids });
  wire(bind, InviteToGame, { unitOfWork, audit, secrets, clock, ids });
  wire(bind, CheckInviter, { reads });
  wire(bind, ListInvitations, { reads });
  wire(bind, RevokeInvitation, { unitOfWork, audit, clock });
  wire(bind, PreviewInvitation, { reads, secrets, clock });
  wire(bind, AnswerInvitation, { unitOfWork, audit, secrets, clock, ids });
  wire(bind, ListGameEvents, { reads });
  routes(bind, gameRoutes, {
    openGame: OpenGame,
    listGames: ListGames,
    readGame: ReadGame,
    changeGame: ChangeGame,
    deleteGame: DeleteGame,
    listGameEvents: ListGameEvents,
  });
  routes(bind, memberRoutes, {
    listMembers: ListMembers,
    addMember: AddMember,
    changeMember: ChangeMember,
    removeMember: RemoveMember,
  });
  routes(bind, gameInvitationRoutes, {
    inviteToGame: InviteToGame,
    checkInviter: CheckInviter,
    listInvitations: ListInvitations,
    revokeInvitation: RevokeInvitation,
  });
});
