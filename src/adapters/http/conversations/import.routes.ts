/** A whole conversation as an upload. */
import { z } from 'zod';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import type { ImportThread } from '#application/conversations/imports/import-thread.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { linesBody } from '../declaration/body.ts';
import { bodyId, workspaceId } from '../declaration/input.ts';
import { type Route, route } from '../declaration/route.ts';
import { importedLines, importLineSchema } from './import.schemas.ts';
import type { MessageLimits } from './messages.routes.ts';
import { startedThreadSchema, toStartedThreadJson } from './threads.schemas.ts';

/** The body of an append, and what an export adds to it, which may be written in more bytes. */
const LINE_MAX_BYTES = 2 * 1024 * 1024;

export type ImportUseCases = Readonly<{ importThread: ImportThread }>;
export type ImportSettings = Readonly<{ context: ContextSettings; messages: MessageLimits; maxBytes: number }>;

export function importRoutes({ importThread }: ImportUseCases, settings: ImportSettings): Route[] {
  const { context, messages, maxBytes } = settings;
  return [
    route({
      method: 'post',
      path: '/chat/import',
      tag: 'Conversations',
      summary: 'Import what a conversation was exported as (format=jsonl), as a new one of mine: all of it or nothing.',
      access: 'chat.use',
      query: z.strictObject({
        game_id: bodyId('game').optional().describe('A game that I am in: its members take part.'),
        workspace_id: workspaceId,
      }),
      body: linesBody(importLineSchema(messages.messageMaxChars), { maxBytes, maxLineBytes: LINE_MAX_BYTES }),
      returns: { 201: startedThreadSchema },
      errors: [
        conversationErrors.invalidImport,
        conversationErrors.threadsFull,
        conversationErrors.importInterrupted,
        conversationErrors.pinsOverBudget,
        conversationErrors.contextBudgetUnreachable,
        conversationErrors.importsBusy,
        conversationErrors.compactionBusy,
        gameErrors.gameNotFound,
        workspaceNotFound,
      ],
      async handle({ actor, query, body }) {
        const place = { gameId: query.game_id ?? null, workspaceId: query.workspace_id };
        const thread = await importThread.execute(actor, place, importedLines(body));
        return { status: 201, body: toStartedThreadJson(thread, context) };
      },
    }),
  ];
}
