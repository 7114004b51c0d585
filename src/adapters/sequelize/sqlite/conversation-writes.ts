/** What changes conversations on SQLite: prepared statements, in shared commits. */
import type { DatabaseSync } from 'node:sqlite';
import type { AppendGuard, WindowChange } from '#application/conversations/ports.ts';
import { idempotencyErrors, type ToStoredResponse } from '#application/shared/idempotency.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { messageValues, revisionValues } from '../conversations/conversation-rows.ts';
import type { ConversationWrites } from '../conversations/conversations.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
import { idempotencyKeyRow } from '../operations/idempotency-keys.ts';
import { mapError } from '../shared/failures.ts';
import { type WriteStatements, writeStatements } from './conversation-statements.ts';
import { one } from './reading.ts';
import type { ThreadRowCache } from './thread-row-cache.ts';
import type { WriterQueue } from './writer-queue.ts';

export class SqliteConversationWrites implements ConversationWrites {
  readonly #queue: WriterQueue;
  readonly #writes: WriteStatements;
  readonly #threads: ThreadRowCache;

  /** `writer` is the connection that the queue commits on. */
  constructor(deps: Readonly<{ writer: DatabaseSync; queue: WriterQueue; threads: ThreadRowCache }>) {
    this.#queue = deps.queue;
    this.#threads = deps.threads;
    this.#writes = writeStatements(deps.writer);
  }

  append(
    message: MessageDraft,
    guard: AppendGuard,
    title: string | null,
    toStoredResponse?: ToStoredResponse<number>,
  ): Promise<Thread | undefined> {
    return this.#writeThread(() => {
      const row = this.#append(message, guard, title);
      if (row !== undefined && toStoredResponse !== undefined) this.#keep(toStoredResponse, row.last_seq);
      return row;
    });
  }

  commit(change: WindowChange): Promise<Thread | undefined> {
    return this.#writeThread(() => this.#commit(change));
  }

  recount(
    id: ThreadId,
    at: Readonly<{ version: number; lastSeq: number }>,
    counted: Readonly<{ size: number; estimator: EstimatorName }>,
  ): Promise<boolean> {
    return this.#write(() => {
      this.#threads.forget(id);
      return this.#writes.recount.run(counted.size, counted.estimator, id, at.version, at.lastSeq).changes === 1;
    });
  }

  #append(message: MessageDraft, guard: AppendGuard, title: string | null): ThreadRow | undefined {
    const row = one<ThreadRow>(
      this.#writes.append,
      message.size,
      message.createdAt.getTime(),
      title,
      message.threadId,
      guard.ifVersion,
      guard.estimator,
      message.size,
      guard.sizeBelow,
      guard.maxEntries,
    );
    if (row === undefined) return undefined;
    this.#writes.addMessage.run(row.id, row.last_seq, ...messageValues(message), guard.estimator);
    return row;
  }

  #commit(change: WindowChange): ThreadRow | undefined {
    const { threadId: id, message, revision } = change;
    const row = one<ThreadRow>(this.#writes.commit, {
      id,
      version: change.ifVersion,
      lastSeq: change.ifLastSeq,
      messages: message === null ? 0 : 1,
      revision: revision?.id ?? null,
      size: change.sizeDelta,
      entries: change.entriesDelta,
      at: message?.createdAt.getTime() ?? null,
      title: change.title,
    });
    if (row === undefined) return undefined;
    if (message !== null) this.#addMessage(change, message, row);
    if (revision !== null) this.#writes.addRevision.run(id, ...revisionValues(revision));
    if (change.toStoredResponse !== undefined) this.#keep(change.toStoredResponse, row.last_seq);
    return row;
  }

  /** A throw undoes what was written before it. */
  #keep(toStoredResponse: ToStoredResponse<number>, seq: number): void {
    const row = idempotencyKeyRow(toStoredResponse(seq));
    if (this.#writes.keep.run(row).changes === 0) throw idempotencyErrors.inFlight();
  }

  #addMessage(change: WindowChange, message: MessageDraft, thread: ThreadRow): void {
    const estimator = change.revision?.estimator ?? thread.estimator;
    this.#writes.addMessage.run(thread.id, thread.last_seq, ...messageValues(message), estimator);
    if (change.pinned) this.#writes.addPin.run(thread.id, thread.last_seq, message.createdAt.getTime());
  }

  /** What the statements made of a thread is kept once it is committed, and not before. */
  async #writeThread(statements: () => ThreadRow | undefined): Promise<Thread | undefined> {
    const row = await this.#write(statements);
    if (row === undefined) return undefined;
    this.#threads.put(row);
    return threadFrom(row);
  }

  async #write<T>(statements: () => T): Promise<T> {
    try {
      return await this.#queue.call(statements);
    } catch (error) {
      throw mapError(error);
    }
  }
}
