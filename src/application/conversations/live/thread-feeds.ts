/** All threads that this process follows, and everybody who follows them. */
import { ACCESS_TOPIC, type AccessChange } from '#application/shared/access/access-change.ts';
import type { EventBus, Subscription, Told } from '#application/shared/event-bus.ts';
import type { LiveSlots } from '#application/shared/live-slots.ts';
import { isUnavailable } from '#application/shared/store-errors.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { Authentication } from '../../identity/authentication.ts';
import type { ThreadEvent } from '../thread-events.ts';
import { Following, type ResumeFrom } from './following.ts';
import type { LiveReader } from './live-reader.ts';
import { ThreadFeed } from './thread-feed.ts';

/** How many followers are rechecked, or feeds refreshed, at once. */
const BATCH = 16;

type Deps = Readonly<{
  reader: LiveReader;
  events: EventBus<ThreadEvent>;
  accessChanges: EventBus<AccessChange>;
  slots: LiveSlots;
}>;

/** `checkAccess` is asked again and again: it throws where access has ended, and 503 where nobody can tell. */
export type FollowRequest = Readonly<{
  thread: Thread;
  authentication: Authentication;
  from: ResumeFrom;
  checkAccess(): Promise<void>;
}>;

type Followed = FollowRequest & Readonly<{ release: () => void }>;

export class ThreadFeeds {
  readonly #deps: Deps;
  readonly #feeds = new Map<ThreadId, ThreadFeed>();
  readonly #followings = new Map<Following, Followed>();
  #subscription: Promise<Subscription> | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Followers at this moment. */
  get followers(): number {
    return this.#followings.size;
  }

  /**
   * A following that its caller starts and must close. Throws 409 `live_streams_full`, 503 `live_streams_busy`. Where
   * no events can be had, the follower is told what happens at each refresh.
   */
  async follow(request: FollowRequest): Promise<Following> {
    const { reader, slots } = this.#deps;
    const release = slots.take(request.authentication.actor.userId);
    const { thread, from, checkAccess } = request;
    const feed = this.#feedOf(thread);
    const following = new Following({ thread, from, feed, reader, checkAccess, closed: (one) => this.#remove(one) });
    this.#followings.set(following, { ...request, release });
    feed.add(following);
    try {
      await Promise.all([this.#listen(), feed.refresh()]);
    } catch (error) {
      following.close();
      throw error;
    }
    return following;
  }

  /**
   * Rechecks every follower, and lets the feeds read what no event has told them. Throws the first failure once
   * everything was tried.
   */
  async refresh(): Promise<void> {
    await this.#listen();
    const failures = await inBatches([...this.#followings.keys()], (following) => following.recheck());
    failures.push(...(await inBatches([...this.#feeds.values()], (feed) => feed.refresh())));
    if (failures.length > 0) throw failures[0];
  }

  /** Ends the subscriptions. */
  close(): void {
    for (const following of this.#followings.keys()) following.close();
    void this.#subscription?.then((subscription) => subscription.end()).catch(() => {});
  }

  #feedOf(thread: Thread): ThreadFeed {
    const known = this.#feeds.get(thread.id);
    if (known !== undefined) return known;
    const { reader, events } = this.#deps;
    const feed = new ThreadFeed({ id: thread.id, reader, events }, thread);
    this.#feeds.set(thread.id, feed);
    return feed;
  }

  #remove(following: Following): void {
    const followed = this.#followings.get(following);
    if (followed === undefined) return;
    const { thread, release } = followed;
    this.#followings.delete(following);
    release();
    const feed = this.#feeds.get(thread.id);
    feed?.remove(following);
    if (feed?.hasListeners !== false) return;
    this.#feeds.delete(thread.id);
    feed.close();
  }

  async #listen(): Promise<void> {
    const onEvent = ({ event }: Told<AccessChange>) => void this.#recheck(event);
    // Whoever may have lost their access meanwhile is among all.
    const onLost = () => void this.#recheck({ of: 'everybody' });
    this.#subscription ??= this.#deps.accessChanges.subscribe(ACCESS_TOPIC, { onEvent, onLost });
    try {
      await this.#subscription;
    } catch (error) {
      // The next refresh tries again.
      this.#subscription = null;
      if (!isUnavailable(error)) throw error;
    }
  }

  /** What fails here is tried again by the next refresh. */
  async #recheck(change: AccessChange): Promise<void> {
    const affected = [...this.#followings].filter(([, request]) => concerns(change, request));
    await inBatches(affected, ([following]) => following.recheck());
  }
}

function concerns(change: AccessChange, { authentication, thread }: FollowRequest): boolean {
  switch (change.of) {
    case 'everybody':
      return true;
    case 'user':
      return authentication.actor.userId === change.id;
    case 'session':
      return authentication.credential.session?.digest === change.id;
    case 'game':
      return thread.gameId === change.id;
    case 'thread':
      return thread.id === change.id;
  }
}

/** Answers what was thrown. */
async function inBatches<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (let at = 0; at < items.length; at += BATCH) {
    const outcomes = await Promise.allSettled(items.slice(at, at + BATCH).map(act));
    failures.push(
      ...outcomes.filter(({ status }) => status === 'rejected').map((one) => (one as PromiseRejectedResult).reason),
    );
  }
  return failures;
}
