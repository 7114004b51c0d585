/** Replies of the language model: ask for one, and cancel it. What becomes of it is told live. */

import { z } from 'zod';
import type { CancelReply } from '#application/conversations/replies/cancel-reply.ts';
import type { RequestReply } from '#application/conversations/replies/request-reply.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { pathId } from '../declaration/input.ts';
import { type Route, route } from '../declaration/route.ts';

export type ReplyUseCases = Readonly<{ requestReply: RequestReply; cancelReply: CancelReply }>;

const tag = 'Replies';
const access = 'chat.use';
const thread = pathId('thread', conversationErrors.threadNotFound);
const replyId = pathId('reply', conversationErrors.replyNotFound);

export function replyRoutes(useCases: ReplyUseCases): Route[] {
  return [requestReply(useCases), cancelReply(useCases)];
}

function requestReply({ requestReply }: ReplyUseCases): Route {
  return route({
    method: 'post',
    path: '/chat/{thread}/replies',
    tag,
    summary: 'Ask the language model to answer. Its text is told live, and appended when it is whole.',
    access,
    params: { thread },
    body: jsonBody(
      z.strictObject({
        sources: z.boolean().default(false).describe('From the library alone, with citations in `metadata.citations`.'),
      }),
      { optional: true },
    ),
    returns: { 202: z.strictObject({ reply_id: z.string() }) },
    errors: [
      workspaceErrors.quotaExceeded,
      conversationErrors.archived,
      conversationErrors.nothingToAnswer,
      conversationErrors.replyInProgress,
      conversationErrors.noModel,
      conversationErrors.repliesBusy,
    ],
    async handle({ actor, params, body }) {
      const fromSources = { fromSources: body.sources };
      return { status: 202, body: { reply_id: await requestReply.execute(actor, params.thread, fromSources) } };
    },
  });
}

function cancelReply({ cancelReply }: ReplyUseCases): Route {
  return route({
    method: 'delete',
    path: '/chat/{thread}/replies/{reply_id}',
    tag,
    summary: 'Cancel a reply that is under way, as who asked for it or manages the thread. Nothing of it is appended.',
    access,
    params: { thread, reply_id: replyId },
    returns: { 204: null },
    errors: [conversationErrors.threadNotYours],
    async handle({ actor, params }) {
      await cancelReply.execute(actor, params.thread, params.reply_id);
      return { status: 204 };
    },
  });
}
