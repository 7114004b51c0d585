/** Searches transcripts in memory: each message of them, without an index. */
import type { TranscriptCursor } from '#application/conversations/ports.ts';
import {
  CANDIDATES_MAX,
  type Candidate,
  type Candidates,
  searchPage,
} from '#application/conversations/search/search-page.ts';
import type {
  SearchPage,
  SearchRequest,
  TranscriptSearch,
} from '#application/conversations/search/transcript-search.ts';
import { isInRanges, verbatimRanges } from '#domain/conversations/compose-window.ts';
import { searchedText } from '#domain/conversations/searched-text.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { matchOf } from '#domain/text/search-ranking.ts';
import { membershipKey } from '../games/memberships.ts';
import { Changes, type MemoryTables } from '../shared/tables.ts';

export class MemoryTranscriptSearch implements TranscriptSearch {
  readonly #tables: MemoryTables;

  constructor({ tables }: Readonly<{ tables: MemoryTables }>) {
    this.#tables = tables;
  }

  async search(request: SearchRequest): Promise<SearchPage> {
    const threads = [...new Changes().all(this.#tables.threads, (thread) => this.#isSearched(thread, request))];
    const messages = threads.flatMap((thread) => this.#messagesOf(thread)).sort(newestFirst);
    const page = await searchPage(request, {
      candidates: async (mode, newest) => {
        const from = newest === null ? 0 : messages.findIndex((one) => isAt(one, newest));
        const rest = from === -1 ? [] : messages.slice(from);
        return upTo(rest.filter(({ text }) => matchOf(request.query, text, mode) !== null));
      },
      windowsOf: async () => (message) => this.#isInWindow(message),
    });
    return { ...page, messages: messages.length, searched: messages.length };
  }

  #isSearched({ id, ownerId, gameId, workspaceId }: Thread, { userId, where }: SearchRequest): boolean {
    if ('threadId' in where ? where.threadId !== id : where.workspaceId !== workspaceId) return false;
    const isMember = gameId !== null && new Changes().has(this.#tables.memberships, membershipKey(gameId, userId));
    return ownerId === userId || isMember;
  }

  #messagesOf({ id, lastSeq }: Thread): readonly Candidate[] {
    const found = this.#tables.transcripts.get(id)?.messages(1, lastSeq) ?? [];
    return found.map((message) => ({
      threadId: id,
      seq: message.seq,
      role: message.role,
      createdAt: message.createdAt,
      text: searchedText(message),
    }));
  }

  #isInWindow({ threadId, seq }: TranscriptCursor): boolean {
    const thread = new Changes().find(this.#tables.threads, threadId);
    if (thread === undefined) return false;
    const head = this.#tables.transcripts.get(threadId)?.revision(thread.revision);
    return isInRanges(verbatimRanges(head, thread.lastSeq), seq);
  }
}

function newestFirst(a: Candidate, b: Candidate): number {
  const inTime = b.createdAt.getTime() - a.createdAt.getTime();
  return inTime || (a.threadId === b.threadId ? b.seq - a.seq : a.threadId < b.threadId ? 1 : -1);
}

function isAt(message: TranscriptCursor, cursor: TranscriptCursor): boolean {
  return message.threadId === cursor.threadId && message.seq === cursor.seq;
}

function upTo(found: readonly Candidate[]): Candidates {
  const next = found[CANDIDATES_MAX];
  return {
    messages: found.slice(0, CANDIDATES_MAX),
    older: next === undefined ? null : { threadId: next.threadId, seq: next.seq },
  };
}
