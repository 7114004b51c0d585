/** One follower of a thread, from where they were to what happens, and for as long as they may read it. */
import { isUnavailable } from '#application/shared/store-errors.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { isLater, isNews, type LiveCursor, type LiveEvent, type ThreadPosition } from './live-event.ts';
import type { LiveReader } from './live-reader.ts';
import type { FeedListener, ThreadFeed } from './thread-feed.ts';

/** Who has missed more messages reads the thread anew. */
const MAX_MISSED = 200;

/** Where a follower goes on: a position, one that nobody can be at, or with what happens next. */
export type ResumeFrom = ThreadPosition | 'unknown' | undefined;

/** Whom a following tells. */
export interface Follower {
  /** Takes the next event. Must not throw. */
  tell(event: LiveEvent): void;
  /** Resolves when there is room for a page more, or when nothing will be taken any more. */
  drained(): Promise<void>;
  /** Nothing more is told: the follower may not read the thread any more, or `failure` was thrown. */
  end(failure?: unknown): void;
}

type Deps = Readonly<{
  thread: Thread;
  from: ResumeFrom;
  feed: ThreadFeed;
  reader: Pick<LiveReader, 'read'>;
  /** Throws where the follower may not read the thread any more, and 503 where nobody can tell. */
  checkAccess(): Promise<void>;
  closed(following: Following): void;
}>;

export class Following implements FeedListener {
  readonly #deps: Deps;
  #cursor: LiveCursor;
  #follower: Follower | null = null;
  #isClosed = false;
  /** Whether nothing is told until access can be checked again. */
  #isHeld = false;
  /** Whether everything is told that the feed has told. */
  #isAttached = false;
  #catchingUp: Promise<void> | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#cursor = firstCursor(deps.thread, deps.from);
  }

  /**
   * Tells what was missed, page by page as it is taken, or that it is too much (`reset`); then the usage; and from then
   * on what happens. Nothing is told twice, or left out.
   */
  start(follower: Follower): void {
    this.#follower = follower;
    const { thread, from } = this.#deps;
    if (from !== undefined && !canResume(thread, from)) follower.tell({ kind: 'reset', at: this.#cursor });
    this.#catchUp();
  }

  /** Tells nothing more, and leaves the feed. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isAttached = false;
    this.#follower = null;
    this.#deps.closed(this);
  }

  hear(events: readonly LiveEvent[], cursor: LiveCursor): void {
    if (!this.#isAttached) return;
    for (const event of events) if (isNews(event, this.#cursor)) this.#follower?.tell(event);
    if (isLater(cursor, this.#cursor)) this.#cursor = cursor;
  }

  /**
   * Ends where the follower may not read the thread any more. Where nobody can tell, nothing is told until somebody
   * can: then the follower goes on from where they were.
   */
  async recheck(): Promise<void> {
    try {
      await this.#deps.checkAccess();
    } catch (error) {
      if (error instanceof DomainError && !isUnavailable(error)) return this.#end();
      this.#hold();
      if (isUnavailable(error)) return;
      throw error;
    }
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#catchUp();
  }

  #hold(): void {
    this.#isHeld = true;
    this.#isAttached = false;
  }

  #end(failure?: unknown): void {
    const follower = this.#follower;
    this.close();
    follower?.end(failure);
  }

  #catchUp(): void {
    this.#catchingUp ??= this.#readUp()
      .catch((error) => (isUnavailable(error) ? this.#hold() : this.#end(error)))
      .finally(() => {
        this.#catchingUp = null;
        // Access may have been checked again while the reading that was held came to its end.
        if (this.#isOpen && !this.#isAttached) this.#catchUp();
      });
  }

  async #readUp(): Promise<void> {
    const { reader, feed, thread } = this.#deps;
    while (this.#isOpen && !this.#isAttached) {
      const page = await reader.read(thread.id, this.#cursor);
      if (!this.#isOpen) return;
      if (page === undefined) return this.#end();
      for (const event of page.events) this.#follower?.tell(event);
      this.#cursor = page.cursor;
      await this.#follower?.drained();
      this.#isAttached = this.#isOpen && page.isLast && !feed.isAhead(this.#cursor);
    }
  }

  get #isOpen(): boolean {
    return this.#follower !== null && !this.#isHeld;
  }
}

function firstCursor(thread: Thread, from: ResumeFrom): LiveCursor {
  const { lastSeq, version, revision } = thread;
  return from !== undefined && canResume(thread, from) ? { ...from, revision } : { lastSeq, version, revision };
}

/** Nobody can have been told what the thread has not come to: another state of it was restored. */
function canResume(thread: Thread, from: NonNullable<ResumeFrom>): from is ThreadPosition {
  return from !== 'unknown' && !isLater(from, thread) && thread.lastSeq - from.lastSeq <= MAX_MISSED;
}
