/** Games: opening, listing, changing and deleting them. */
import { z } from 'zod';
import type { ChangeGame } from '#application/games/change-game.ts';
import type { DeleteGame } from '#application/games/delete-game.ts';
import type { ListGameEvents } from '#application/games/list-game-events.ts';
import type { ListGames } from '#application/games/list-games.ts';
import type { OpenGame } from '#application/games/open-game.ts';
import type { ReadGame } from '#application/games/read-game.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { type SeenGame, USE_GAMES } from '#domain/games/policy.ts';
import { actorErrors, requirePermission, workspaceFor } from '#domain/shared/actor.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, limit, pathId, text, workspaceId } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Reply, type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import { gameEventSchema, gameSchema, toGameEventJson, toGameJson } from './schemas.ts';

export type GameUseCases = Readonly<{
  openGame: OpenGame;
  listGames: ListGames;
  readGame: ReadGame;
  changeGame: ChangeGame;
  deleteGame: DeleteGame;
  listGameEvents: ListGameEvents;
}>;

const tag = 'Games';
const game = pathId('game', gameErrors.gameNotFound);
const gameCursor = timeCursor(game.schema);
const eventCursor = timeCursor(pathId('gameEvent', gameErrors.gameNotFound).schema);
const name = text(1, 200);
const description = text(0, 10_000);

export function gameRoutes(useCases: GameUseCases): Route[] {
  return [
    listGames(useCases),
    openGame(useCases),
    readGame(useCases),
    changeGame(useCases),
    deleteGame(useCases),
    listGameEvents(useCases),
  ];
}

function listGames({ listGames }: GameUseCases): Route {
  const all = z
    .enum(['true', 'false'])
    .default('false')
    .describe('All games of the workspace, for managers of all games.');
  return route({
    method: 'get',
    path: '/games',
    tag,
    summary: 'The games of a workspace that I am a member of, newest first.',
    access: 'games.use',
    query: z.strictObject({ limit, cursor, all, workspace_id: workspaceId }),
    returns: { 200: pageOf(gameSchema) },
    errors: [httpErrors.malformedCursor, actorErrors.permissionMissing, workspaceNotFound],
    async handle({ actor, query }) {
      const filter = { workspaceId: query.workspace_id, all: query.all === 'true' };
      const page = { ...gameCursor.decode(query), ...filter };
      const { items, next } = await listGames.execute(actor, page);
      return { status: 200, body: { items: items.map(toGameJson), next_cursor: gameCursor.encode(next) } };
    },
  });
}

function openGame({ openGame }: GameUseCases): Route {
  const reply = (opened: SeenGame) => ({ status: 201, body: toGameJson(opened) });
  return route({
    method: 'post',
    path: '/games',
    tag,
    summary: 'Open a game. I am its first GM.',
    access: 'games.create',
    body: jsonBody(z.strictObject({ name, description: description.optional(), workspace_id: workspaceId })),
    idempotent: true,
    returns: { 201: gameSchema },
    errors: [workspaceNotFound],
    async handle({ actor, body, storeResponse }) {
      const { name, description = null, workspace_id: workspaceId } = body;
      const input = { name, description, workspaceId };
      return reply(await openGame.execute(actor, input, storeResponse(reply)));
    },
    async replay({ actor, body }, stored) {
      requirePermission(actor, USE_GAMES);
      workspaceFor(actor, body.workspace_id);
      return stored as Reply;
    },
  });
}

function readGame({ readGame }: GameUseCases): Route {
  return route({
    method: 'get',
    path: '/games/{id}',
    tag,
    summary: 'One game, for its members.',
    access: 'games.use',
    params: { id: game },
    etag: true,
    returns: { 200: gameSchema },
    async handle({ actor, params }) {
      return { status: 200, body: toGameJson(await readGame.execute(actor, params.id)) };
    },
  });
}

function changeGame({ changeGame }: GameUseCases): Route {
  return route({
    method: 'patch',
    path: '/games/{id}',
    tag,
    summary: 'Change the name or the description of a game, as its GM.',
    access: 'games.use',
    params: { id: game },
    body: jsonBody(z.strictObject({ name: name.optional(), description: description.nullable().optional() })),
    etag: true,
    returns: { 200: gameSchema },
    errors: [gameErrors.gmRequired],
    async handle({ actor, params, body, ifMatch }) {
      const change = {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.description === undefined ? {} : { description: body.description }),
      };
      const changed = await changeGame.execute(actor, params.id, change, ifMatch(toGameJson));
      return { status: 200, body: toGameJson(changed) };
    },
  });
}

function deleteGame({ deleteGame }: GameUseCases): Route {
  return route({
    method: 'delete',
    path: '/games/{id}',
    tag,
    summary: 'Delete a game, as its GM. Memberships and invitations end; its conversations stay with their owners.',
    access: 'games.use',
    params: { id: game },
    returns: { 204: null },
    errors: [gameErrors.gmRequired],
    async handle({ actor, params }) {
      await deleteGame.execute(actor, params.id);
      return { status: 204 };
    },
  });
}

function listGameEvents({ listGameEvents }: GameUseCases): Route {
  return route({
    method: 'get',
    path: '/games/{id}/history',
    tag,
    summary: 'Who came to a game, who left, what changed and by whom, newest first, for its members.',
    access: 'games.use',
    params: { id: game },
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(gameEventSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, params, query }) {
      const { items, next } = await listGameEvents.execute(actor, params.id, eventCursor.decode(query));
      return { status: 200, body: { items: items.map(toGameEventJson), next_cursor: eventCursor.encode(next) } };
    },
  });
}
