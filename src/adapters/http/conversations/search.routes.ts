/** Search over what was said: in one conversation, or in all that I may read. */
import { z } from 'zod';
import type { SearchTranscripts } from '#application/conversations/search/search-transcripts.ts';
import type { SearchHit, SearchPage } from '#application/conversations/search/transcript-search.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { MESSAGE_ROLES } from '#domain/conversations/message.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, decodeCursor, encodeCursor, limit, pathId, text, workspaceId } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';

export type SearchUseCases = Readonly<{ searchTranscripts: SearchTranscripts }>;

export const QUERY_MAX_CHARACTERS = 200;

const tag = 'Conversations';
const access = 'chat.use';
const thread = pathId('thread', conversationErrors.threadNotFound);
const errors = [httpErrors.malformedCursor, conversationErrors.searchBusy, conversationErrors.searchTimeout];

const searched = {
  limit,
  cursor,
  query: text(1, QUERY_MAX_CHARACTERS).describe(
    'Words that all occur in a message; "in quotes" one behind the other. The last word may be the beginning of one.',
  ),
};

const hitSchema = z
  .strictObject({
    thread_id: z.string(),
    seq: z.int().min(1),
    role: z.enum(MESSAGE_ROLES),
    snippet: z.string().describe('Plain text around what was found.'),
    highlights: z
      .array(z.strictObject({ start: z.int().min(0), end: z.int().min(0) }))
      .describe('Where in the snippet it is, in UTF-16 code units.'),
    in_window: z.boolean().describe('Whether the window shows the message word for word.'),
  })
  .meta({ id: 'SearchHit' });

const count = z.int().min(0);
const foundSchema = pageOf(hitSchema)
  .extend({
    match: z.enum(['all', 'any']).describe('`any` where no message has all words: these have some.'),
    messages: count.describe('How many messages there are where was searched.'),
    searched: count.describe('How many of them could be found: fewer while an index is being made.'),
  })
  .meta({ id: 'SearchResult' });

const searchCursor = z.strictObject({
  mode: z.enum(['all', 'any']),
  newest: z.strictObject({ threadId: thread.schema, seq: z.int().min(1) }),
  skip: z.int().min(0),
});

export function searchRoutes(useCases: SearchUseCases): Route[] {
  return [searchThreads(useCases), searchThread(useCases)];
}

function searchThreads({ searchTranscripts }: SearchUseCases): Route {
  return route({
    method: 'get',
    path: '/chat/search',
    tag,
    summary: 'Search my conversations and those of my games in a workspace, what was compacted away too; best first.',
    access,
    query: z.strictObject({ ...searched, workspace_id: workspaceId }),
    returns: { 200: foundSchema },
    errors: [...errors, workspaceNotFound],
    async handle({ actor, query }) {
      const where = { workspaceId: query.workspace_id };
      const input = { ...pageFrom(query), ...where, query: query.query, scope: 'all' } as const;
      return { status: 200, body: toFoundJson(await searchTranscripts.execute(actor, input)) };
    },
  });
}

function searchThread({ searchTranscripts }: SearchUseCases): Route {
  return route({
    method: 'get',
    path: '/chat/{thread}/search',
    tag,
    summary: 'Search the transcript of a conversation, or what its window no longer shows word for word; best first.',
    access,
    params: { thread },
    query: z.strictObject({ ...searched, scope: z.enum(['all', 'compacted']).default('all') }),
    returns: { 200: foundSchema },
    errors,
    async handle({ actor, params, query }) {
      const input = { ...pageFrom(query), query: query.query, scope: query.scope, threadId: params.thread };
      return { status: 200, body: toFoundJson(await searchTranscripts.execute(actor, input)) };
    },
  });
}

function pageFrom(query: Readonly<{ limit: number; cursor?: string | undefined }>) {
  const from = decodeCursor(query.cursor, searchCursor);
  return from === undefined ? { limit: query.limit } : { limit: query.limit, cursor: from };
}

function toFoundJson({ items, next, mode, messages, searched }: SearchPage): z.input<typeof foundSchema> {
  return { items: items.map(toHitJson), next_cursor: next && encodeCursor(next), match: mode, messages, searched };
}

export function toHitJson({ threadId, seq, role, snippet, inWindow }: SearchHit): z.input<typeof hitSchema> {
  return {
    thread_id: threadId,
    seq,
    role,
    snippet: snippet.text,
    highlights: snippet.highlights.map(({ start, end }) => ({ start, end })),
    in_window: inWindow,
  };
}
