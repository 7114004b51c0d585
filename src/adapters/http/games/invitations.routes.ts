/** Invitations to games: made and taken back by GMs, looked at and answered by whoever has the code. */
import { z } from 'zod';
import type { AnswerInvitation } from '#application/games/answer-invitation.ts';
import type { CheckInviter } from '#application/games/check-inviter.ts';
import type { InviteToGame } from '#application/games/invite-to-game.ts';
import type { ListInvitations } from '#application/games/list-invitations.ts';
import type { PreviewInvitation } from '#application/games/preview-invitation.ts';
import type { RevokeInvitation } from '#application/games/revoke-invitation.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { GAME_ROLES, type Member } from '#domain/games/game.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import { normalizeEmail } from '#domain/identity/user.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, limit, pathId } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type PathParameter, type Reply, type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import { invitationSchema, memberSchema, previewSchema, toInvitationJson, toMemberJson } from './schemas.ts';

export type InvitationUseCases = Readonly<{
  inviteToGame: InviteToGame;
  checkInviter: CheckInviter;
  listInvitations: ListInvitations;
  revokeInvitation: RevokeInvitation;
  previewInvitation: PreviewInvitation;
  answerInvitation: AnswerInvitation;
}>;

const MAX_USES = 1_000;
const MAX_SECONDS = 365 * 24 * 60 * 60;

const tag = 'Games';
const access = 'games.use';
const game = pathId('game', gameErrors.gameNotFound);
const invitation = pathId('invitation', gameErrors.invitationNotFound);
const invitationCursor = timeCursor(invitation.schema);

/** Anything that could be a code: what it is not is told by its digest alone. */
const code: PathParameter<string> = {
  schema: z.string().regex(/^[\w-]{1,128}$/),
  missing: gameErrors.invitationNotFound,
  description: 'Code of an invitation.',
};

export function invitationRoutes(useCases: InvitationUseCases): Route[] {
  return [
    inviteToGame(useCases),
    listInvitations(useCases),
    revokeInvitation(useCases),
    previewInvitation(useCases),
    acceptInvitation(useCases),
    declineInvitation(useCases),
  ];
}

function inviteToGame({ inviteToGame, checkInviter }: InvitationUseCases): Route {
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
        email: z.email().max(254).transform(normalizeEmail).optional(),
        max_uses: z.int().min(1).max(MAX_USES).default(1),
        expires_in_seconds: z.int().min(1).max(MAX_SECONDS).optional().describe('Seven days unless told.'),
      }),
      { optional: true },
    ),
    idempotent: true,
    returns: {
      201: invitationSchema.extend({ code: z.string().optional(), url: z.string().optional() }).meta({ id: 'Invited' }),
    },
    errors: [gameErrors.gmRequired],
    async handle({ actor, params, body, client, storeResponse }) {
      const input = {
        roleInGame: body.role_in_game,
        email: body.email ?? null,
        maxUses: body.max_uses,
        ...(body.expires_in_seconds === undefined ? {} : { expiresInSeconds: body.expires_in_seconds }),
      };
      const { invitation, code } = await inviteToGame.execute(actor, params.id, input, storeResponse(withoutCode));
      // Behind the "#", so that no server is ever sent it, nor writes it into a log.
      const url = `${client.ownOrigin}/#/invitations/${code}`;
      return { status: 201, body: { ...toInvitationJson(invitation), code, url } };
    },
    async replay({ actor, params, body }, stored) {
      await checkInviter.execute(actor, params.id, body.role_in_game);
      return stored as Reply;
    },
  });
}

function listInvitations({ listInvitations }: InvitationUseCases): Route {
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

function revokeInvitation({ revokeInvitation }: InvitationUseCases): Route {
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

function previewInvitation({ previewInvitation }: InvitationUseCases): Route {
  return route({
    method: 'get',
    path: '/invitations/{code}',
    tag,
    summary: 'What an invitation would lead to. Changes nothing.',
    access: 'public',
    params: { code },
    returns: { 200: previewSchema },
    async handle({ params }) {
      const { game, invitation } = await previewInvitation.execute(params.code);
      const expires_at = invitation.expiresAt.toISOString();
      return { status: 200, body: { game_name: game.name, role_in_game: invitation.roleInGame, expires_at } };
    },
  });
}

function acceptInvitation({ answerInvitation }: InvitationUseCases): Route {
  return route({
    method: 'post',
    path: '/invitations/{code}/accept',
    tag,
    summary: 'Join the game. Who is a member already stays what they are, and uses nothing.',
    access,
    params: { code },
    returns: { 200: memberSchema },
    errors: [
      gameErrors.invitationForAnother,
      gameErrors.selfMembership,
      gameErrors.invitationUsedUp,
      gameErrors.invitationOver,
    ],
    async handle({ actor, params }) {
      const member = await answerInvitation.execute(actor, { code: params.code, answer: 'accept' });
      return { status: 200, body: toMemberJson(member as Member) };
    },
  });
}

function declineInvitation({ answerInvitation }: InvitationUseCases): Route {
  return route({
    method: 'post',
    path: '/invitations/{code}/decline',
    tag,
    summary: 'Decline. Ends an invitation that is for me alone; any other stays for those who want it.',
    access,
    params: { code },
    returns: { 204: null },
    errors: [gameErrors.invitationForAnother],
    async handle({ actor, params }) {
      await answerInvitation.execute(actor, { code: params.code, answer: 'decline' });
      return { status: 204 };
    },
  });
}
