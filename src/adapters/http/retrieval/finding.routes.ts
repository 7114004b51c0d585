/** Passages of the books that I may read: finding them, and opening one that was cited. */
import { z } from 'zod';
import type { FindPassages } from '#application/retrieval/finding/find-passages.ts';
import type { ReadPassage } from '#application/retrieval/finding/read-passage.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { retrievalErrors } from '#domain/retrieval/errors.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { bodyId, digits, pathId, text, workspaceId } from '../declaration/input.ts';
import { type Route, route } from '../declaration/route.ts';
import { citedPassageSchema, foundPassageSchema, toFoundJson, toPassageJson } from './schemas.ts';

export type FindingUseCases = Readonly<{ findPassages: FindPassages; readPassage: ReadPassage }>;

const QUESTION_MAX_CHARACTERS = 2_000;
/** As on every list. */
const LISTED_MAX = 200;
/** Each is quoted whole in the answer. */
const ASKED_MAX = 50;
const PASSAGES = 8;

const tag = 'Library';
const access = 'sources.read';
const passage = pathId('passage', retrievalErrors.passageNotFound);

/** What is asked: the same of a search and of a question. */
export const asked = {
  question: text(1, QUESTION_MAX_CHARACTERS),
  gameId: bodyId('game').describe('The game that is asked about: its GMs find what is for GMs alone.'),
  sourceId: bodyId('source'),
  maxPassages: ASKED_MAX,
  passages: PASSAGES,
};
export const findingErrors = [
  gameErrors.gameNotFound,
  workspaceNotFound,
  conversationErrors.searchBusy,
  conversationErrors.searchTimeout,
];

export function findingRoutes(useCases: FindingUseCases): Route[] {
  return [findPassages(useCases), readPassage(useCases)];
}

function findPassages({ findPassages }: FindingUseCases): Route {
  return route({
    method: 'get',
    path: '/sources/search',
    tag,
    summary: 'Find passages in the sources that I may read now, best first: by words, in whatever form, and headings.',
    access,
    query: z.strictObject({
      query: asked.question,
      game_id: asked.gameId.optional(),
      workspace_id: workspaceId,
      source_id: asked.sourceId.optional().describe('Only in this source.'),
      limit: digits(LISTED_MAX)
        .refine((value) => value >= 1, 'must be at least 1')
        .optional()
        .transform((value) => value ?? asked.passages)
        .meta({ type: 'integer', minimum: 1, maximum: LISTED_MAX, default: asked.passages }),
    }),
    returns: { 200: z.strictObject({ passages: z.array(foundPassageSchema) }) },
    errors: findingErrors,
    async handle({ actor, query }) {
      const found = await findPassages.execute(actor, {
        question: query.query,
        gameId: query.game_id ?? null,
        workspaceId: query.workspace_id,
        sourceIds: query.source_id === undefined ? null : [query.source_id],
        limit: query.limit,
      });
      return { status: 200, body: { passages: toFoundJson(found) } };
    },
  });
}

function readPassage({ readPassage }: FindingUseCases): Route {
  return route({
    method: 'get',
    path: '/passages/{id}',
    tag,
    summary: 'Open a passage that was cited, where I may read it now.',
    access,
    params: { id: passage },
    returns: { 200: citedPassageSchema },
    async handle({ actor, params }) {
      return { status: 200, body: toPassageJson(await readPassage.execute(actor, params.id)) };
    },
  });
}
