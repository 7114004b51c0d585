/** What conversations need of the outside. */
import type { Compacted, CompactionJob } from '#domain/conversations/compaction/chain.ts';
import type { ReshapedMessages } from '#domain/conversations/compaction/reshaped-messages.ts';
import type { ComposedWindow } from '#domain/conversations/compose-window.ts';
import type { Message, MessageDraft } from '#domain/conversations/message.ts';
import type { ContextEvent, Revision } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { Entry } from '#domain/conversations/window.ts';
import type { GameId, ReplyId, ThreadId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import type { ToStoredResponse } from '../shared/idempotency.ts';
import type { Page, PageRequest } from '../shared/page.ts';

/** Threads within a unit of work. */
export interface Threads {
  find(id: ThreadId): Promise<Thread | undefined>;
  add(thread: Thread): Promise<void>;
  /** Updates what its owner may change of an existing thread (title, archive, system prompt), version and size. */
  save(thread: Thread): Promise<void>;
  /**
   * Hides a thread from everybody at once; `DeletedThreads` removes what it holds. Whatever is under way comes too
   * late.
   */
  remove(id: ThreadId, at: Date): Promise<void>;
  /** Hides in the same way what a user owns outside of games: for when they are about to be deleted. */
  removePrivate(ownerId: UserId, at: Date): Promise<void>;
  /** How many threads a user owns, private ones and those in games. */
  countByOwner(ownerId: UserId): Promise<number>;
  /**
   * A user's threads in a game pass to another GM of it, the one who joined first: for when the user leaves it. Without
   * `gameId` those in all games, for when the user is about to be deleted. Whatever is under way on the thread on the
   * strength of the old owner (an append, a compaction) comes too late. Fails where a game has no other GM;
   * `Memberships.removeByUser` and `checkGmRemains` refuse that in words.
   */
  transferOwnership(ownerId: UserId, gameId?: GameId): Promise<void>;
  /** The same for the games of a workspace: for when the user leaves it. */
  transferInWorkspace(ownerId: UserId, workspaceId: WorkspaceId): Promise<void>;
  /** Hides every thread of a workspace, as `remove` does: for when it is about to be removed. */
  removeByWorkspace(workspaceId: WorkspaceId, at: Date): Promise<void>;
}

/** Where a list of threads goes on: after the thread with this activity and id. */
export type ThreadCursor = Readonly<{ at: Date; id: ThreadId }>;

/** Which threads to list; a field that is undefined leaves out none. */
export type ThreadFilter = Readonly<{
  workspaceId: WorkspaceId;
  /** What the title contains, without regard to case. */
  query?: string | undefined;
  gameId?: GameId | undefined;
  archived?: boolean | undefined;
}>;

/** Threads as they are read outside a unit of work. */
export interface ThreadReads {
  find(id: ThreadId): Promise<Thread | undefined>;
  /**
   * A user's own threads in a workspace, and those of the games there that they are a member of, by last activity,
   * newest first.
   */
  listByUser(userId: UserId, page: ThreadFilter & PageRequest<ThreadCursor>): Promise<Page<Thread, ThreadCursor>>;
}

/** Under which conditions an append may happen; see `Conversations.append`. */
export type AppendGuard = Readonly<{
  ifVersion: number;
  /** The window's size after the append must stay below this, in the estimator's unit. */
  sizeBelow: number;
  /** The window may hold at most so many entries after the append. */
  maxEntries: number;
  estimator: EstimatorName;
}>;

/** A thread and its window, read at one moment. */
export type ThreadSnapshot = ComposedWindow & Readonly<{ thread: Thread }>;

/** A window as it was when its thread had this version and this last seq. */
export type WindowCopy = ComposedWindow &
  Readonly<{ threadId: ThreadId; ownerId: UserId; version: number; lastSeq: number }>;

/**
 * Copies of windows, one for each thread, so that not everything has to be read again. They are no record: each may be
 * gone at any moment. No method throws; what cannot be reached holds nothing.
 */
export interface Contexts {
  /** The copy of a thread's window, of whichever version and last seq. */
  find(id: ThreadId): Promise<WindowCopy | undefined>;
  /** Holds a copy for some time, unless one of a later version or last seq is held. One atomic step. */
  save(copy: WindowCopy): Promise<void>;
  /** Forgets the copy of a thread. */
  remove(id: ThreadId): Promise<void>;
  /** Forgets the copies of all threads that a user owns. */
  removeByOwner(ownerId: UserId): Promise<void>;
}

/**
 * What every change of a window says: for which version of the thread it was made, and what it does to the window's
 * size.
 */
type Change = Readonly<{
  threadId: ThreadId;
  ifVersion: number;
  /** By how much the window's size and number of entries change, a message that is appended included. */
  sizeDelta: number;
  entriesDelta: number;
  /** The window after the change, for copies of it: as far as `lastSeq`, without messages that came meanwhile. */
  entries: readonly Entry[];
  lastSeq: number;
  /** Who counted the sizes of the entries, and of a message that is appended. */
  estimator: EstimatorName;
  /** What a compaction made of messages, for the operator; no store keeps it. */
  reshaped?: ReshapedMessages;
}>;

/** A reply of the language model, which nobody wrote. */
export type Reply = Readonly<{ id: ReplyId; askedBy: UserId }>;

/**
 * The append that is more than a message: it pins the message, brings the compaction that makes room for it, or ends a
 * reply.
 */
export type AppendChange = Change &
  Readonly<{
    kind: 'append';
    /** It holds only if nobody appended meanwhile. */
    ifLastSeq: number;
    message: MessageDraft;
    pinned: boolean;
    /** For a thread that has no title. */
    title: string | null;
    /** What becomes the head revision; it accounts for the messages before this one. */
    revision: Revision | null;
    /**
     * The reply that the message is. Then it holds only while that reply is under way, which it ends, and while who
     * asked for it, in place of an author, may append.
     */
    reply?: Reply | undefined;
    /** Given the message's seq; what it answers is stored in the same step. */
    toStoredResponse?: ToStoredResponse<number> | undefined;
  }>;

/** Another head revision: a compaction by hand, an undo. Messages that came meanwhile follow it in the window. */
export type RevisionChange = Change &
  Readonly<{
    kind: 'revise';
    revision: Revision;
    /** The window, with messages that came meanwhile, must stay below this size; without a bound if it is left out. */
    sizeBelow?: number;
  }>;

/** A message is pinned, or no longer pinned. */
export type PinChange = Change & Readonly<{ kind: 'pin'; seq: number; pinned: boolean; at: Date }>;

/** A change of a window, to be committed as a whole. */
export type WindowChange = AppendChange | RevisionChange | PinChange;

/** What is read of an answer that cites the library. */
export type CitingMessage = Pick<Message, 'seq' | 'role' | 'authorId' | 'metadata'>;

/** Which messages of a transcript are read. */
export type MessagesRange = Readonly<{ limit: number; maxBytes?: number; before?: number; after?: number }>;

/** The record of what was said, as it is read. */
export interface ConversationReads {
  /**
   * The thread and its window at one moment; sizes as they were stored. Undefined where there is no such thread. Of a
   * thread that still has the version of the copy only later messages are read.
   */
  snapshot(id: ThreadId, copy?: WindowCopy): Promise<ThreadSnapshot | undefined>;
  /**
   * The window that a revision (0: none) makes with every message after it, as far as `uptoSeq`; sizes as they were
   * stored, pins as they are now. Undefined where there is no such revision.
   */
  windowAt(id: ThreadId, revision: number, uptoSeq: number): Promise<ComposedWindow | undefined>;
  /** One message; undefined where there is none. */
  message(id: ThreadId, seq: number): Promise<StoredMessage | undefined>;
  /**
   * Messages in `seq` order: the newest, or the newest before, or the oldest after a seq (never both). As many as
   * `limit`, or fewer, but one at least, where their texts, tool calls and metadata would be over `maxBytes` in UTF-8
   * (if given); no more than that is read.
   */
  messages(id: ThreadId, range: MessagesRange): Promise<readonly StoredMessage[]>;
  /** The answers that cite the library (`citedDocuments`), in `seq` order: all of a thread, of which most have none. */
  citing(id: ThreadId): Promise<readonly CitingMessage[]>;
  /** A revision; undefined where there is none. */
  revision(id: ThreadId, revision: number): Promise<Revision | undefined>;
  /** Events, newest first: those after one id, before another, or all. */
  events(
    id: ThreadId,
    range: Readonly<{ limit: number; after?: number; before?: number }>,
  ): Promise<readonly ContextEvent[]>;
}

/** The record of what was said. Every promise here holds for several processes on one database. */
export interface Conversations extends ConversationReads {
  /**
   * Appends a message if the thread is not archived, its version and estimator are the guard's, its window stays within
   * the guard's limits, and in a game's thread its author is the owner or still a member of the game. One atomic step,
   * durable before it resolves; gives the next `seq`. Answers the thread as it is after the append, or undefined, with
   * nothing changed, where a condition failed. `title` becomes the thread's where it has none. What `toStoredResponse`
   * answers, given the seq, is stored in the same step; throws 409 `idempotency_in_flight`, with nothing changed, where
   * its key is taken.
   */
  append(
    message: MessageDraft,
    guard: AppendGuard,
    title: string | null,
    toStoredResponse?: ToStoredResponse<number>,
  ): Promise<Thread | undefined>;
  /**
   * Commits a change of a window if the thread's version is still the one that was read, it is not archived and, where
   * a message is appended, its last seq is the same too, and the author may append as above. All of it or nothing;
   * raises the version. Durable before it resolves. Answers the thread after it, or undefined, with nothing changed,
   * where it came too late. Throws 409 `idempotency_in_flight`, with nothing changed, where the key of its stored
   * response is taken.
   */
  commit(change: WindowChange): Promise<Thread | undefined>;
  /**
   * The thread's reply is from now on this one: no other that began before it is ever appended, wherever it is made.
   * False, with nothing changed, where the thread is gone or archived.
   */
  beginReply(id: ThreadId, replyId: ReplyId): Promise<boolean>;
  /** The reply is never appended; false where it has been, or another one has begun. */
  endReply(id: ThreadId, replyId: ReplyId): Promise<boolean>;
  /** Sets a window's size after a change of estimator, if version and last seq are still these; false otherwise. */
  recount(
    id: ThreadId,
    at: Readonly<{ version: number; lastSeq: number }>,
    counted: Readonly<{ size: number; estimator: EstimatorName }>,
  ): Promise<boolean>;
}

/**
 * Threads that are hidden for good, and what was said in them, which goes a page at a time. A thread that is staged for
 * an import is among them once its time is over.
 */
export interface DeletedThreads {
  /** Any one of those that are deleted by now; undefined where none is left. */
  find(now: Date): Promise<ThreadId | undefined>;
  /**
   * Removes one page of what a thread holds that is deleted by now; the thread itself after the last. Answers whether
   * there is nothing more to remove.
   */
  purgePage(id: ThreadId, now: Date): Promise<boolean>;
}

/** A message among the transcripts of all threads, in the order of their ids. */
export type TranscriptCursor = Readonly<{ threadId: ThreadId; seq: number }>;

/** The authors of messages, for users who are deleted and wrote to others; no index leads there. */
export interface MessageAuthors {
  /**
   * Takes a user off one page of messages, after one or from the beginning; answers where to go on, null at the end.
   */
  anonymizePage(userId: UserId, after: TranscriptCursor | null): Promise<TranscriptCursor | null>;
}

export type StoredMessage = Message & Readonly<{ pinned: boolean }>;

/** Runs a compaction: in the process, or in a thread of its own where it would hold the event loop for long. */
export interface Compactor {
  /** Throws 503 `compaction_busy` where too many wait. */
  compact(job: CompactionJob): Promise<Compacted>;
}

/** Counts texts in the unit of the configured estimator, where they cannot hold the event loop for long. */
export interface TextCounter {
  /** The size of each text, in order. Throws 503 `compaction_busy` where too many wait. */
  sizesOf(texts: readonly string[]): Promise<readonly number[]>;
}
