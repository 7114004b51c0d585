/** The record of what was said, in memory. */
import type {
  AppendChange,
  AppendGuard,
  CitingMessage,
  Conversations,
  MessagesRange,
  PinChange,
  Reply,
  RevisionChange,
  StoredMessage,
  ThreadSnapshot,
  WindowChange,
} from '#application/conversations/ports.ts';
import type { ToStoredResponse } from '#application/shared/idempotency.ts';
import { citesLibrary } from '#domain/conversations/citations/citations.ts';
import type { ComposedWindow } from '#domain/conversations/compose-window.ts';
import { MESSAGE_ROLES, type MessageDraft } from '#domain/conversations/message.ts';
import { type ContextEvent, REVISION_MAKERS, type Revision } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { ReplyId, ThreadId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { membershipKey } from '../games/memberships.ts';
import { MemoryIdempotencyKeys } from '../operations/idempotency-keys.ts';
import { Changes, type MemoryTables } from '../shared/tables.ts';
import { MemoryTranscript } from '../shared/transcript.ts';
import type { Turn } from '../shared/turn.ts';

export class MemoryConversations implements Conversations {
  readonly #tables: MemoryTables;
  readonly #turn: Turn;

  constructor(deps: Readonly<{ tables: MemoryTables; turn: Turn }>) {
    this.#tables = deps.tables;
    this.#turn = deps.turn;
  }

  append(
    message: MessageDraft,
    guard: AppendGuard,
    title: string | null,
    toStoredResponse?: ToStoredResponse<number>,
  ): Promise<Thread | undefined> {
    return this.#turn(async () => {
      const thread = this.#thread(message.threadId);
      if (thread === undefined || !admits(guard, thread, message) || !this.#mayAppend(thread, message.authorId))
        return undefined;
      const counted = { windowSize: thread.windowSize + message.size, windowEntries: thread.windowEntries + 1 };
      const after = { ...withMessage(thread, message, title), ...counted };
      check(after, message, null);
      const changes = this.#storing(toStoredResponse, after.lastSeq);
      this.#add(after, message, guard.estimator, false);
      return this.#save(after, changes);
    });
  }

  commit(change: WindowChange): Promise<Thread | undefined> {
    return this.#turn(async () => {
      const thread = this.#thread(change.threadId);
      if (thread?.version !== change.ifVersion || thread.archived) return undefined;
      if (change.kind === 'append') return this.#appendChange(thread, change);
      return change.kind === 'revise' ? this.#revise(thread, change) : this.#pin(thread, change);
    });
  }

  #appendChange(thread: Thread, change: AppendChange): Thread | undefined {
    if (thread.lastSeq !== change.ifLastSeq || !this.#isUnderWay(thread.id, change.reply)) return undefined;
    if (!this.#mayAppend(thread, change.reply?.askedBy ?? change.message.authorId)) return undefined;
    const after = changed(withMessage(thread, change.message, change.title), change, change.revision);
    check(after, change.message, change.revision);
    const changes = this.#storing(change.toStoredResponse, after.lastSeq);
    this.#add(after, change.message, change.estimator, change.pinned);
    if (change.revision !== null) this.#transcript(thread.id).addRevision(change.revision);
    if (change.reply !== undefined) this.#transcript(thread.id).replyId = null;
    return this.#save(after, changes);
  }

  #isUnderWay(id: ThreadId, reply: Reply | undefined): boolean {
    return reply === undefined || this.#transcript(id).replyId === reply.id;
  }

  #revise(thread: Thread, change: RevisionChange): Thread | undefined {
    const after = changed(thread, change, change.revision);
    if (after.windowSize >= (change.sizeBelow ?? Number.POSITIVE_INFINITY)) return undefined;
    check(after, null, change.revision);
    this.#transcript(thread.id).addRevision(change.revision);
    return this.#save(after, new Changes());
  }

  #pin(thread: Thread, change: PinChange): Thread {
    const after = changed(thread, change, null);
    check(after, null, null);
    this.#transcript(thread.id).setPin(change.seq, change.pinned);
    return this.#save(after, new Changes());
  }

  beginReply(id: ThreadId, replyId: ReplyId): Promise<boolean> {
    return this.#turn(async () => {
      if (this.#thread(id)?.archived !== false) return false;
      this.#transcript(id).replyId = replyId;
      return true;
    });
  }

  endReply(id: ThreadId, replyId: ReplyId): Promise<boolean> {
    return this.#turn(async () => {
      if (this.#transcript(id).replyId !== replyId) return false;
      this.#transcript(id).replyId = null;
      return true;
    });
  }

  recount(
    id: ThreadId,
    at: Readonly<{ version: number; lastSeq: number }>,
    counted: Readonly<{ size: number; estimator: EstimatorName }>,
  ): Promise<boolean> {
    return this.#turn(async () => {
      const thread = this.#thread(id);
      if (thread?.version !== at.version || thread.lastSeq !== at.lastSeq) return false;
      this.#save({ ...thread, windowSize: counted.size, estimator: counted.estimator }, new Changes());
      return true;
    });
  }

  async snapshot(id: ThreadId): Promise<ThreadSnapshot | undefined> {
    const thread = this.#thread(id);
    return thread && { thread, ...this.#transcript(id).window(thread.revision) };
  }

  async windowAt(id: ThreadId, revision: number, uptoSeq: number): Promise<ComposedWindow | undefined> {
    const transcript = this.#transcript(id);
    if (revision > 0 && transcript.revision(revision) === undefined) return undefined;
    return transcript.window(revision, uptoSeq);
  }

  async message(id: ThreadId, seq: number): Promise<StoredMessage | undefined> {
    return this.#transcript(id).message(seq);
  }

  async messages(
    id: ThreadId,
    { after, before, limit, maxBytes = Infinity }: MessagesRange,
  ): Promise<readonly StoredMessage[]> {
    if (after !== undefined) return within(this.#transcript(id).messages(after + 1, after + limit), maxBytes);
    const last = Math.min((before ?? Number.POSITIVE_INFINITY) - 1, this.#thread(id)?.lastSeq ?? 0);
    return within(
      this.#transcript(id)
        .messages(last - limit + 1, last)
        .toReversed(),
      maxBytes,
    ).toReversed();
  }

  async citing(id: ThreadId): Promise<readonly CitingMessage[]> {
    return this.#transcript(id)
      .messages(1, Number.POSITIVE_INFINITY)
      .filter((message) => citesLibrary(message))
      .map(({ seq, role, authorId, metadata }) => ({ seq, role, authorId, metadata }));
  }

  async revision(id: ThreadId, revision: number): Promise<Revision | undefined> {
    const found = this.#transcript(id).revision(revision);
    return found && { ...found, event: this.#withoutDeleted(found.event) };
  }

  async events(
    id: ThreadId,
    range: Readonly<{ limit: number; after?: number; before?: number }>,
  ): Promise<readonly ContextEvent[]> {
    const [after, before] = [range.after ?? 0, range.before ?? Number.POSITIVE_INFINITY];
    return this.#transcript(id)
      .events(after, before, range.limit)
      .map((event) => this.#withoutDeleted(event));
  }

  /** As the foreign key of a database would: an event names nobody who was deleted. */
  #withoutDeleted(event: ContextEvent): ContextEvent {
    const exists = event.by !== null && new Changes().has(this.#tables.users, event.by);
    return exists ? event : { ...event, by: null };
  }

  #thread(id: ThreadId): Thread | undefined {
    return new Changes().find(this.#tables.threads, id);
  }

  #mayAppend({ gameId, ownerId }: Thread, authorId: UserId | null): boolean {
    if (gameId === null || ownerId === authorId) return true;
    return authorId !== null && new Changes().has(this.#tables.memberships, membershipKey(gameId, authorId));
  }

  /** The beginning of what is saved. Throws where the key is taken, before anything else is done. */
  #storing(toStoredResponse: ToStoredResponse<number> | undefined, seq: number): Changes {
    const changes = new Changes();
    if (toStoredResponse !== undefined)
      new MemoryIdempotencyKeys({ tables: this.#tables, changes }).store(toStoredResponse(seq));
    return changes;
  }

  #save(thread: Thread, changes: Changes): Thread {
    changes.set(this.#tables.threads, thread.id, thread);
    changes.commit();
    return thread;
  }

  #add(thread: Thread, message: MessageDraft, estimator: EstimatorName, pinned: boolean): void {
    this.#transcript(thread.id).add({ ...message, seq: thread.lastSeq }, estimator, pinned);
  }

  /** An empty one for a thread that has nothing yet; it stays only where there is a thread. */
  #transcript(id: ThreadId): MemoryTranscript {
    const { threads, stagedThreads, transcripts } = this.#tables;
    const exists = [threads, stagedThreads].some((table) => new Changes().has(table, id));
    if (!exists) transcripts.delete(id);
    const transcript = transcripts.get(id) ?? new MemoryTranscript();
    if (exists) transcripts.set(id, transcript);
    return transcript;
  }
}

function admits(guard: AppendGuard, thread: Thread, message: MessageDraft): boolean {
  return (
    !thread.archived &&
    thread.version === guard.ifVersion &&
    thread.estimator === guard.estimator &&
    thread.windowSize + message.size < guard.sizeBelow &&
    thread.windowEntries < guard.maxEntries
  );
}

/** The first ones whose texts are no more than this together, but one at least. */
function within(messages: readonly StoredMessage[], maxBytes: number): readonly StoredMessage[] {
  let bytes = 0;
  const end = messages.findIndex((message, index) => {
    bytes += bytesOf(message);
    return index > 0 && bytes > maxBytes;
  });
  return end === -1 ? messages : messages.slice(0, end);
}

/** As a database stores it. */
function bytesOf({ content, toolCalls, metadata }: StoredMessage): number {
  const texts = [content, toolCalls === null ? '' : JSON.stringify(toolCalls), JSON.stringify(metadata)];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** Throws where a database would refuse a row: before anything is changed. */
function check(thread: Thread, message: MessageDraft | null, revision: Revision | null): void {
  if (message !== null) known(MESSAGE_ROLES, message.role);
  if (revision !== null) known(REVISION_MAKERS, revision.madeBy);
  if (thread.windowSize < 0 || thread.windowEntries < 0) throw new Error('No window is smaller than nothing.');
}

function changed(thread: Thread, { sizeDelta, entriesDelta }: WindowChange, revision: Revision | null): Thread {
  return {
    ...thread,
    version: thread.version + 1,
    revision: revision?.id ?? thread.revision,
    windowSize: thread.windowSize + sizeDelta,
    windowEntries: thread.windowEntries + entriesDelta,
  };
}

function withMessage(thread: Thread, message: MessageDraft, title: string | null): Thread {
  return {
    ...thread,
    title: thread.title ?? title,
    lastSeq: thread.lastSeq + 1,
    lastMessageAt: message.createdAt,
  };
}
