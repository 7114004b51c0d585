/** Conversations: start them, and find them. */
import { z } from 'zod';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import type { ChangeThread } from '#application/conversations/threads/change-thread.ts';
import type { CheckStarter } from '#application/conversations/threads/check-starter.ts';
import type { DeleteThread } from '#application/conversations/threads/delete-thread.ts';
import type { ListThreads } from '#application/conversations/threads/list-threads.ts';
import type { StartThread } from '#application/conversations/threads/start-thread.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { bodyId, cursor, limit, pathId, text, workspaceId } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Reply, type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import {
  PROMPT_MAX_CHARS,
  startedThreadSchema,
  TITLE_MAX_CHARS,
  threadSchema,
  toStartedThreadJson,
  toThreadJson,
} from './threads.schemas.ts';

export type ThreadUseCases = Readonly<{
  startThread: StartThread;
  checkStarter: CheckStarter;
  listThreads: ListThreads;
  changeThread: ChangeThread;
  deleteThread: DeleteThread;
}>;

const tag = 'Conversations';

const access = 'chat.use';
const thread = pathId('thread', conversationErrors.threadNotFound);
const threadCursor = timeCursor(thread.schema);

export function threadRoutes(useCases: ThreadUseCases, settings: ContextSettings): Route[] {
  return [listThreads(useCases), startThread(useCases, settings), changeThread(useCases), deleteThread(useCases)];
}

function listThreads({ listThreads }: ThreadUseCases): Route {
  return route({
    method: 'get',
    path: '/chat',
    tag,
    summary: 'My conversations and those of my games in a workspace, latest first.',
    access,
    query: z.strictObject({
      limit,
      cursor,
      workspace_id: workspaceId,
      query: text(1, 200).optional().describe('Part of a title, whatever its case.'),
      game_id: bodyId('game').optional().describe('A game: its conversations alone.'),
      archived: z.enum(['true', 'false']).optional().describe('Those in the archive, or the others; else both.'),
    }),
    returns: { 200: pageOf(threadSchema) },
    errors: [httpErrors.malformedCursor, workspaceNotFound],
    async handle({ actor, query }) {
      const page = await listThreads.execute(actor, {
        ...threadCursor.decode(query),
        workspaceId: query.workspace_id,
        query: query.query,
        gameId: query.game_id,
        archived: query.archived && query.archived === 'true',
      });
      return {
        status: 200,
        body: { items: page.items.map(toThreadJson), next_cursor: threadCursor.encode(page.next) },
      };
    },
  });
}

function startThread({ startThread, checkStarter }: ThreadUseCases, settings: ContextSettings): Route {
  const reply = (started: Thread) => ({ status: 201, body: toStartedThreadJson(started, settings) });
  return route({
    method: 'post',
    path: '/chat',
    tag,
    summary: 'Start a conversation. Without a title it is named after its first user message.',
    access,
    body: jsonBody(
      z.strictObject({
        title: text(1, TITLE_MAX_CHARS).optional(),
        game_id: bodyId('game').optional().describe('A game that I am in: its members take part.'),
        workspace_id: workspaceId,
        system_prompt: text(1, PROMPT_MAX_CHARS).optional(),
      }),
      { optional: true },
    ),
    idempotent: true,
    returns: { 201: startedThreadSchema },
    errors: [
      conversationErrors.threadsFull,
      conversationErrors.pinsOverBudget,
      conversationErrors.compactionBusy,
      gameErrors.gameNotFound,
      workspaceNotFound,
    ],
    async handle({ actor, body, storeResponse }) {
      const input = {
        title: body.title ?? null,
        gameId: body.game_id ?? null,
        workspaceId: body.workspace_id,
        systemPrompt: body.system_prompt ?? null,
      };
      return reply(
        await startThread.execute(
          actor,
          input,
          storeResponse(reply, ({ id }) => id),
        ),
      );
    },
    async replay({ actor, body }, stored) {
      await checkStarter.execute(actor, { gameId: body.game_id ?? null, workspaceId: body.workspace_id });
      return stored as Reply;
    },
  });
}

function changeThread({ changeThread }: ThreadUseCases): Route {
  return route({
    method: 'patch',
    path: '/chat/{thread}',
    tag,
    summary: 'Rename a conversation, archive it or take it out of the archive, change its system prompt.',
    access,
    params: { thread },
    body: jsonBody(
      z.strictObject({
        title: text(1, TITLE_MAX_CHARS).optional(),
        archived: z.boolean().optional().describe('What is archived can be read and exported, and nothing else.'),
        system_prompt: text(1, PROMPT_MAX_CHARS).nullable().optional().describe('Null: none.'),
      }),
    ),
    returns: { 200: threadSchema },
    errors: [
      conversationErrors.threadNotYours,
      conversationErrors.archived,
      conversationErrors.overBudget,
      conversationErrors.pinsOverBudget,
      conversationErrors.appendContended,
      conversationErrors.compactionBusy,
    ],
    async handle({ actor, params, body }) {
      const { title, archived, system_prompt } = body;
      const fields = {
        ...(title === undefined ? {} : { title }),
        ...(archived === undefined ? {} : { archived }),
        ...(system_prompt === undefined ? {} : { systemPrompt: system_prompt }),
      };
      return { status: 200, body: toThreadJson(await changeThread.execute(actor, params.thread, fields)) };
    },
  });
}

function deleteThread({ deleteThread }: ThreadUseCases): Route {
  return route({
    method: 'delete',
    path: '/chat/{thread}',
    tag,
    summary: 'Delete a conversation, with all that was said in it.',
    access,
    params: { thread },
    returns: { 204: null },
    errors: [conversationErrors.threadNotYours],
    async handle({ actor, params }) {
      await deleteThread.execute(actor, params.thread);
      return { status: 204 };
    },
  });
}
