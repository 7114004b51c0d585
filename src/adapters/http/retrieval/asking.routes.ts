/** Questions that the books answer, with citations. */

import { z } from 'zod';
import type { Answered } from '#application/retrieval/answering/answer-question.ts';
import type { Ask } from '#application/retrieval/answering/ask.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { workspaceId } from '../declaration/input.ts';
import { type Route, route } from '../declaration/route.ts';
import { EVENT_STREAM_TYPE, type StreamSchema, wholeJson } from '../declaration/stream.ts';
import { Pieces, UNBUFFERED } from '../streams/pieces.ts';
import { answerStream, textEventSchema } from './answer-stream.ts';
import { asked, findingErrors } from './finding.routes.ts';
import { answerSchema, toAnswerJson } from './schemas.ts';

export type AskingUseCases = Readonly<{ ask: Ask }>;

const answersSchema: StreamSchema = {
  contents: {
    'application/json': { of: 'whole', schema: answerSchema },
    [EVENT_STREAM_TYPE]: { of: 'events', schema: z.union([textEventSchema, answerSchema]) },
  },
};

export function askingRoutes(useCases: AskingUseCases): Route[] {
  return [ask(useCases)];
}

function ask({ ask }: AskingUseCases): Route {
  return route({
    method: 'post',
    path: '/ask',
    tag: 'Library',
    summary:
      'Ask the sources that I may read now. As `text/event-stream`: `text` events while the answer is written, and ' +
      'at last one `answer` event, which counts.',
    access: 'sources.read',
    body: jsonBody(
      z
        .strictObject({
          question: asked.question,
          game_id: asked.gameId.optional(),
          workspace_id: workspaceId,
          source_ids: z.array(asked.sourceId).min(1).max(100).optional().describe('Only in these sources.'),
          limit: z.int().min(1).max(asked.maxPassages).default(asked.passages).describe('How many passages.'),
          read_by: z
            .enum(['me', 'members'])
            .default('me')
            .describe(
              '`members`: use only what every member of the game may read; `left_out` says how much is not used.',
            ),
        })
        .refine(({ read_by, game_id }) => read_by === 'me' || game_id !== undefined, {
          path: ['game_id'],
          message: 'is needed where members read the answer',
        }),
    ),
    returns: { 200: answersSchema },
    errors: [...findingErrors, workspaceErrors.quotaExceeded],
    answersLate: true,
    async handle({ actor, body, header, untilGone }) {
      const input = {
        question: body.question,
        gameId: body.game_id ?? null,
        workspaceId: body.workspace_id,
        sourceIds: body.source_ids ?? null,
        limit: body.limit,
        readBy: body.read_by,
      };
      const gone = untilGone();
      if (!wantsEvents(header('accept')))
        return { status: 200, stream: wholeJson(toAnswerJson(await ask.execute(actor, input, { gone }))) };
      const pieces = new Pieces();
      const answering = ask.execute(actor, input, { gone, onText: (piece) => pieces.add(piece) });
      return { status: 200, stream: await begun(answering, pieces), headers: UNBUFFERED };
    },
  });
}

/** Until the first piece has come there is a status by which to tell a refusal. */
async function begun(answering: Promise<Answered>, pieces: Pieces) {
  const ended = answering.finally(() => pieces.end());
  const first = await pieces.next();
  if (first === undefined) await ended;
  // Whatever it comes to is told at the end of the stream.
  else ended.catch(() => {});
  return answerStream({ first: first ?? '', pieces, answering: ended });
}

function wantsEvents(accept: string | undefined): boolean {
  return accept?.includes(EVENT_STREAM_TYPE) ?? false;
}
