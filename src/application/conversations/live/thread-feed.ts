/** One thread as this process follows it: what happens is read once, and told to everybody who follows. */
import { isUnavailable } from '#application/shared/store-errors.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { EventBus, Subscription, Told } from '../../shared/event-bus.ts';
import type { ReplyEvent, ThreadEvent } from '../thread-events.ts';
import { isLater, type LiveCursor, type LiveEvent, type ThreadPosition } from './live-event.ts';
import type { LiveReader } from './live-reader.ts';

export interface FeedListener {
  /** Told in order; `cursor` is how far the events take everybody who was told all before them. */
  hear(events: readonly LiveEvent[], cursor: LiveCursor): void;
}

type Deps = Readonly<{ id: ThreadId; reader: Pick<LiveReader, 'read'>; events: EventBus<ThreadEvent> }>;

export class ThreadFeed {
  readonly #deps: Deps;
  readonly #listeners = new Set<FeedListener>();
  #cursor: LiveCursor;
  #subscription: Promise<Subscription> | null = null;
  #isClosed = false;
  /** Whether something may have happened since the reading that is under way began. */
  #isBehind = false;
  #reading: Promise<void> | null = null;
  /** What replies told while messages before it were being read. */
  #waiting: ReplyEvent[] = [];

  /** Tells what comes after the cursor. */
  constructor(deps: Deps, cursor: LiveCursor) {
    this.#deps = deps;
    this.#cursor = cursor;
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  add(listener: FeedListener): void {
    this.#listeners.add(listener);
  }

  remove(listener: FeedListener): void {
    this.#listeners.delete(listener);
  }

  /** Whether more was told to listeners than this. */
  isAhead(of: ThreadPosition): boolean {
    return isLater(this.#cursor, of);
  }

  /**
   * Listens to the thread, where it is not listened to already, and reads what has happened since it was last read.
   * Where no events can be had, this is how their listeners get to know all the same. Throws 503 as the reader does.
   */
  async refresh(): Promise<void> {
    await this.#listen();
    await this.#readOn();
  }

  close(): void {
    this.#isClosed = true;
    void this.#subscription?.then((subscription) => subscription.end()).catch(() => {});
  }

  async #listen(): Promise<void> {
    if (this.#isClosed) return;
    const { events, id } = this.#deps;
    const listener = { onEvent: (told: Told<ThreadEvent>) => this.#take(told.event), onLost: () => this.#readSoon() };
    this.#subscription ??= events.subscribe(id, listener);
    try {
      await this.#subscription;
    } catch (error) {
      // The next refresh tries again.
      this.#subscription = null;
      if (!isUnavailable(error)) throw error;
    }
  }

  #take(event: ThreadEvent): void {
    switch (event.kind) {
      case 'appended':
      case 'revised':
        if (isLater(event, this.#cursor)) this.#readSoon();
        break;
      case 'reply.delta':
      case 'reply.completed':
      case 'reply.failed':
        if (this.#reading === null) this.#tell([event], this.#cursor);
        else this.#waiting.push(event);
    }
  }

  #readSoon(): void {
    // What cannot be read now is read at the next event, or refresh.
    this.#readOn().catch(() => {});
  }

  #readOn(): Promise<void> {
    this.#isBehind = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = null;
      this.#tell(this.#waiting.splice(0), this.#cursor);
      // Something may have happened while the reading came to its end.
      if (this.#isBehind && !this.#isClosed) this.#readSoon();
    });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    while (this.#isBehind && !this.#isClosed) {
      this.#isBehind = false;
      const page = await this.#deps.reader.read(this.#deps.id, this.#cursor);
      if (page === undefined) return;
      if (!page.isLast) this.#isBehind = true;
      if (!isLater(page.cursor, this.#cursor)) continue;
      this.#cursor = page.cursor;
      this.#tell(page.events, page.cursor);
    }
  }

  #tell(events: readonly LiveEvent[], cursor: LiveCursor): void {
    if (events.length > 0) for (const listener of this.#listeners) listener.hear(events, cursor);
  }
}
