/** Invitations to games, as their GMs make them and take them back. */
import { z } from 'zod';
import type { CheckInviter } from '#application/games/check-inviter.ts';
import type { InviteToGame } from '#application/games/invite-to-game.ts';
import type { ListInvitations } from '#application/games/list-invitations.ts';
import type { RevokeInvitation } from '#application/games/revoke-invitation.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { GAME_ROLES } from '#domain/games/game.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, limit, pathId } from '../declaration/input.ts';
import { codeFields, invitation, invitationCursor, terms, toCodeJson, toTerms } from '../declaration/invitations.ts';
import { pageOf } from '../declaration/output.ts';
import { type Reply, type Route, route } from '../declaration/route.ts';
import { invitationSchema, toInvitationJson } from './schemas.ts';

export type GameInvitationUseCases = Readonly<{
  inviteToGame: InviteToGame;
  checkInviter: CheckInviter;
  listInvitations: ListInvitations;
  revokeInvitation: RevokeInvitation;
}>;

const tag = 'Games';
const access = 'games.use';
const game = pathId('game', gameErrors.gameNotFound);

export function gameInvitationRoutes(useCases: GameInvitationUseCases): Route[] {
  return [inviteToGame(useCases), listInvitations(useCases), revokeInvitation(useCases)];
}

function inviteToGame({ inviteToGame, checkInviter }: GameInvitationUseCases): Route {
  const withoutCode = (made: Invitation) => ({ status: 201, body: toInvitationJson(made) });
  return route({
    method: 'post',
    path: '/games/{id}/invitations',
    tag,
    summary: 'Invite to a game, as its GM. The code appears in this answer and nowhere else.',
    access,
    params: { id: game },
    body: jsonBody(
      z.strictObject({
        role_in_game: z.enum(GAME_ROLES).default('player').describe('Only a GM of the game can invite a GM.'),
        ...terms,
      }),
      { optional: true },
    ),
    idempotent: true,
    returns: {
      201: invitationSchema.extend(codeFields).meta({ id: 'Invited' }),
    },
    errors: [gameErrors.gmRequired],
    async handle({ actor, params, body, client, storeResponse }) {
      const input = { roleInGame: body.role_in_game, ...toTerms(body) };
      const { invitation, code } = await inviteToGame.execute(actor, params.id, input, storeResponse(withoutCode));
      return { status: 201, body: { ...toInvitationJson(invitation), ...toCodeJson(code, client) } };
    },
    async replay({ actor, params, body }, stored) {
      await checkInviter.execute(actor, params.id, body.role_in_game);
      return stored as Reply;
    },
  });
}

function listInvitations({ listInvitations }: GameInvitationUseCases): Route {
  return route({
    method: 'get',
    path: '/games/{id}/invitations',
    tag,
    summary: 'The invitations to a game, newest first, for its GMs.',
    access,
    params: { id: game },
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(invitationSchema) },
    errors: [httpErrors.malformedCursor, gameErrors.gmRequired],
    async handle({ actor, params, query }) {
      const { items, next } = await listInvitations.execute(actor, params.id, invitationCursor.decode(query));
      return { status: 200, body: { items: items.map(toInvitationJson), next_cursor: invitationCursor.encode(next) } };
    },
  });
}

function revokeInvitation({ revokeInvitation }: GameInvitationUseCases): Route {
  return route({
    method: 'delete',
    path: '/games/{id}/invitations/{invitation_id}',
    tag,
    summary: 'Take an invitation back, as a GM of the game.',
    access,
    params: { id: game, invitation_id: invitation },
    returns: { 204: null },
    errors: [gameErrors.gmRequired],
    async handle({ actor, params }) {
      await revokeInvitation.execute(actor, params.id, params.invitation_id);
      return { status: 204 };
    },
  });
}
