/** The members of a game. */
import { z } from 'zod';
import type { AddMember } from '#application/games/add-member.ts';
import type { ChangeMember } from '#application/games/change-member.ts';
import type { ListMembers } from '#application/games/list-members.ts';
import type { RemoveMember } from '#application/games/remove-member.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { GAME_ROLES } from '#domain/games/game.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { bodyId, cursor, limit, pathId } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import { memberSchema, toMemberJson } from './schemas.ts';

export type MemberUseCases = Readonly<{
  listMembers: ListMembers;
  addMember: AddMember;
  changeMember: ChangeMember;
  removeMember: RemoveMember;
}>;

const tag = 'Games';
const access = 'games.use';
const game = pathId('game', gameErrors.gameNotFound);
const user = pathId('user', gameErrors.memberNotFound);
const memberCursor = timeCursor(user.schema);
const roleInGame = z.enum(GAME_ROLES);

export function memberRoutes(useCases: MemberUseCases): Route[] {
  return [listMembers(useCases), addMember(useCases), changeMember(useCases), removeMember(useCases)];
}

function listMembers({ listMembers }: MemberUseCases): Route {
  return route({
    method: 'get',
    path: '/games/{id}/members',
    tag,
    summary: 'Who is in a game, in the order in which they joined.',
    access,
    params: { id: game },
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(memberSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, params, query }) {
      const { items, next } = await listMembers.execute(actor, params.id, memberCursor.decode(query));
      return { status: 200, body: { items: items.map(toMemberJson), next_cursor: memberCursor.encode(next) } };
    },
  });
}

function addMember({ addMember }: MemberUseCases): Route {
  return route({
    method: 'post',
    path: '/games/{id}/members',
    tag,
    summary: 'Make a user a member, as a GM of the game.',
    access,
    params: { id: game },
    body: jsonBody(z.strictObject({ user_id: bodyId('user'), role_in_game: roleInGame })),
    returns: { 201: memberSchema },
    errors: [gameErrors.gmRequired, gameErrors.selfMembership, identityErrors.userNotFound, gameErrors.alreadyMember],
    async handle({ actor, params, body }) {
      const input = { userId: body.user_id, roleInGame: body.role_in_game };
      return { status: 201, body: toMemberJson(await addMember.execute(actor, params.id, input)) };
    },
  });
}

function changeMember({ changeMember }: MemberUseCases): Route {
  return route({
    method: 'patch',
    path: '/games/{id}/members/{user_id}',
    tag,
    summary: 'Change what a member is, as a GM of the game. There is always a GM.',
    access,
    params: { id: game, user_id: user },
    body: jsonBody(z.strictObject({ role_in_game: roleInGame })),
    returns: { 200: memberSchema },
    errors: [gameErrors.gmRequired, gameErrors.selfMembership, gameErrors.lastGm],
    async handle({ actor, params, body }) {
      const changed = await changeMember.execute(actor, params.id, params.user_id, body.role_in_game);
      return { status: 200, body: toMemberJson(changed) };
    },
  });
}

function removeMember({ removeMember }: MemberUseCases): Route {
  return route({
    method: 'delete',
    path: '/games/{id}/members/{user_id}',
    tag,
    summary:
      'Remove a member, as a GM of the game; or leave it. Conversations that they own there pass to the GM who joined first.',
    access,
    params: { id: game, user_id: user },
    returns: { 204: null },
    errors: [gameErrors.gmRequired, gameErrors.lastGm],
    async handle({ actor, params }) {
      await removeMember.execute(actor, params.id, params.user_id);
      return { status: 204 };
    },
  });
}
