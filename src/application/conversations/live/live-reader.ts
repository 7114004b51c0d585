/** Reads what has happened in a thread since a moment, as its followers are told it. */
import { withCitationNumbers } from '#domain/conversations/citations/citations.ts';
import type { ContextEvent } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { UsageReader } from '../context/usage-reader.ts';
import type { ConversationReads, StoredMessage, ThreadReads } from '../ports.ts';
import type { LiveCursor, LiveEvent } from './live-event.ts';

/** Messages of a page, and the bytes of their texts. */
const PAGE_MESSAGES = 200;
const PAGE_MAX_BYTES = 1024 * 1024;
/** Compactions that are told of at once; of more, the newest. */
const MAX_COMPACTIONS = 200;

/** `cursor`: how far the events take whoever is told them. */
export type LivePage = Readonly<{ events: readonly LiveEvent[]; cursor: LiveCursor; isLast: boolean }>;

type Deps = Readonly<{
  threads: Pick<ThreadReads, 'find'>;
  conversations: Pick<ConversationReads, 'messages' | 'events'>;
  usages: UsageReader;
}>;

export class LiveReader {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * What came after the cursor: compactions, then up to a page of messages, and where no more follow, the usage.
   * Undefined where the thread is gone. Throws 503 as the store and the counting of tokens do.
   */
  async read(id: ThreadId, cursor: LiveCursor): Promise<LivePage | undefined> {
    const thread = await this.#deps.threads.find(id);
    if (thread === undefined) return undefined;
    const [compactions, messages] = await Promise.all([this.#compactions(thread, cursor), this.#said(thread, cursor)]);
    const { version, revision } = thread;
    const lastSeq = messages.at(-1)?.seq ?? cursor.lastSeq;
    const isLast = lastSeq >= thread.lastSeq;
    const events: LiveEvent[] = [
      ...compactions.map((event) => ({ kind: 'compaction', at: { lastSeq: cursor.lastSeq, version }, event }) as const),
      ...messages.map((message) => ({ kind: 'message', at: { lastSeq: message.seq, version }, message }) as const),
    ];
    if (isLast) events.push({ kind: 'usage', at: { lastSeq, version }, usage: await this.#deps.usages.of(thread) });
    return { events, cursor: { lastSeq, version, revision }, isLast };
  }

  async #compactions(thread: Thread, cursor: LiveCursor): Promise<readonly ContextEvent[]> {
    if (thread.revision <= cursor.revision) return [];
    const range = { after: cursor.revision, limit: MAX_COMPACTIONS };
    const events = await this.#deps.conversations.events(thread.id, range);
    // Those of later revisions come with them.
    return events.filter((event) => event.id <= thread.revision).toReversed();
  }

  async #said(thread: Thread, { lastSeq }: LiveCursor): Promise<readonly StoredMessage[]> {
    if (thread.lastSeq <= lastSeq) return [];
    const range = { after: lastSeq, limit: PAGE_MESSAGES, maxBytes: PAGE_MAX_BYTES };
    const messages = await this.#deps.conversations.messages(thread.id, range);
    // Everybody who follows is told the same.
    return messages.filter(({ seq }) => seq <= thread.lastSeq).map(withCitationNumbers);
  }
}
