/** Where an import collects a conversation before anybody sees it, as a port. */
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Revision } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId } from '#domain/shared/ids.ts';

/** The next messages of a staged thread. */
export type StagedPage = Readonly<{
  /** The thread as it is with them; `lastSeq` is that of the last message. */
  thread: Thread;
  /** In the order of their seqs, which end with the thread's last. Their sizes are of the thread's estimator. */
  messages: readonly MessageDraft[];
  /** Which of them are pinned, by seq. */
  pinned: readonly number[];
  /** The compaction that the window needs with them; null for none. */
  revision: Revision | null;
}>;

/**
 * Threads that are hidden like deleted ones until they are whole, within a unit of work. Each is staged until a time,
 * from which on it counts as deleted, whatever became of the process: `DeletedThreads` removes what it holds.
 */
export interface StagedThreads {
  /** Stages a thread without messages. */
  add(thread: Thread, until: Date): Promise<void>;
  /**
   * Adds a page, and prolongs the time. False, with nothing changed, where the thread does not end with the message
   * before the page, because something of it was removed meanwhile, or where its owner or its workspace is gone.
   */
  addPage(page: StagedPage, until: Date): Promise<boolean>;
  /** Makes it a thread like any other. False, with nothing changed, for the same reasons. */
  reveal(thread: Thread): Promise<boolean>;
  /** From now on it counts as deleted, if it was not revealed. */
  discard(id: ThreadId, at: Date): Promise<void>;
}
