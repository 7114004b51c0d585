/** Puts a page of hits together of what a store finds: the same on every store. */
import type { MessageRole } from '#domain/conversations/message.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { type MatchMode, matchOf, scoresOf, type TextMatch } from '#domain/text/search-ranking.ts';
import { snippetOf } from '#domain/text/snippet.ts';
import type { TranscriptCursor } from '../ports.ts';
import type { SearchCursor, SearchHit, SearchPage, SearchRequest } from './transcript-search.ts';

/** A message that may meet a query. */
export type Candidate = TranscriptCursor & Readonly<{ role: MessageRole; createdAt: Date; text: string }>;

/** So many are ranked together, and come before all older ones. */
export const CANDIDATES_MAX = 250;

export type Candidates = Readonly<{
  /** Newest first. */
  messages: readonly Candidate[];
  /** The first one that is older than these; null where there is none. */
  older: TranscriptCursor | null;
}>;

/** What is asked of a store. */
export type SearchSource = Readonly<{
  /** Those that may meet the query, from a message on or from the newest; of `any` mode there are no older ones. */
  candidates(mode: MatchMode, newest: TranscriptCursor | null): Promise<Candidates>;
  /** Tells of messages of these threads whether the window shows them word for word. */
  windowsOf(ids: readonly ThreadId[]): Promise<(message: TranscriptCursor) => boolean>;
}>;

type Found = Readonly<{ message: Candidate; match: TextMatch }>;
type Part = Pick<SearchPage, 'items' | 'next' | 'mode'>;

/** Where no message has all clauses, those with any of them are told. */
export async function searchPage(request: SearchRequest, source: SearchSource): Promise<Part> {
  const mode = request.cursor?.mode ?? 'all';
  if (request.query.length === 0) return { items: [], next: null, mode };
  const page = await pageIn(mode, request, source);
  const mayRelax = page.items.length === 0 && request.cursor === undefined && request.query.length > 1;
  return mayRelax ? pageIn('any', request, source) : page;
}

async function pageIn(mode: MatchMode, request: SearchRequest, source: SearchSource): Promise<Part> {
  let [newest, skip] = [request.cursor?.newest ?? null, request.cursor?.skip ?? 0];
  for (;;) {
    const { messages, older } = await source.candidates(mode, newest);
    const found = ranked(await inScope(foundAmong(messages, request, mode), request, source));
    if (found.length > skip || older === null) {
      const items = await hitsOf(found.slice(skip, skip + request.limit), source);
      return { items, mode, next: nextOf({ mode, newest: newest ?? keyOf(messages[0]), skip }, found, older, request) };
    }
    [newest, skip] = [older, 0];
  }
}

function nextOf(
  at: Readonly<{ mode: MatchMode; newest: TranscriptCursor | null; skip: number }>,
  found: readonly Found[],
  older: TranscriptCursor | null,
  { limit }: SearchRequest,
): SearchCursor | null {
  const skip = at.skip + limit;
  if (skip < found.length && at.newest !== null) return { mode: at.mode, newest: at.newest, skip };
  return older && { mode: at.mode, newest: older, skip: 0 };
}

function keyOf(message: Candidate | undefined): TranscriptCursor | null {
  return message === undefined ? null : { threadId: message.threadId, seq: message.seq };
}

function foundAmong(messages: readonly Candidate[], { query }: SearchRequest, mode: MatchMode): readonly Found[] {
  return messages.flatMap((message) => {
    const match = matchOf(query, message.text, mode);
    return match === null ? [] : [{ message, match }];
  });
}

async function inScope(
  found: readonly Found[],
  { scope }: SearchRequest,
  source: SearchSource,
): Promise<readonly Found[]> {
  if (scope === 'all' || found.length === 0) return found;
  const isInWindow = await source.windowsOf(threadsOf(found));
  return found.filter(({ message }) => !isInWindow(message));
}

/** Best first, then newest. */
function ranked(found: readonly Found[]): readonly Found[] {
  const scores = scoresOf(found.map(({ match }) => match));
  const order = found.map((_, index) => index);
  order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || byAge(found[a] as Found, found[b] as Found));
  return order.map((index) => found[index] as Found);
}

function byAge({ message: a }: Found, { message: b }: Found): number {
  const inTime = b.createdAt.getTime() - a.createdAt.getTime();
  return inTime || (a.threadId === b.threadId ? b.seq - a.seq : a.threadId < b.threadId ? 1 : -1);
}

async function hitsOf(found: readonly Found[], source: SearchSource): Promise<readonly SearchHit[]> {
  if (found.length === 0) return [];
  const isInWindow = await source.windowsOf(threadsOf(found));
  return found.map(({ message, match }) => ({
    threadId: message.threadId,
    seq: message.seq,
    role: message.role,
    snippet: snippetOf(message.text, match.spans),
    inWindow: isInWindow(message),
  }));
}

function threadsOf(found: readonly Found[]): readonly ThreadId[] {
  return [...new Set(found.map(({ message }) => message.threadId))];
}
