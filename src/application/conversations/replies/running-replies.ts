/** The replies that this process is making: a bounded number, which end when it stops. */
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { UserId } from '#domain/shared/ids.ts';

/** Each keeps a whole window and a connection while it runs. */
const MAX_OF_ONE_USER = 3;
const MAX_OF_ALL = 32;

/** What makes a reply; it ends soon after `closing` is aborted, and never throws. */
export type ReplyWork = (closing: AbortSignal) => Promise<void>;

export class RunningReplies {
  readonly #users: UserId[] = [];
  readonly #works = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  get count(): number {
    return this.#works.size;
  }

  /**
   * Begins a reply, and leaves what `begin` answers to run behind. Throws what `begin` throws; 503 `replies_busy` where
   * too many run, or the process is stopping.
   */
  async start<T>(userId: UserId, begin: () => Promise<Readonly<{ begun: T; work: ReplyWork }>>): Promise<T> {
    this.#check(userId);
    this.#users.push(userId);
    const leave = () => this.#users.splice(this.#users.indexOf(userId), 1);
    try {
      const { begun, work } = await begin();
      this.#run(work, leave);
      return begun;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Resolves once every reply has ended. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#works);
  }

  #check(userId: UserId): void {
    const own = this.#users.filter((one) => one === userId).length;
    if (own >= MAX_OF_ONE_USER || this.#users.length >= MAX_OF_ALL || this.#closing.signal.aborted)
      throw conversationErrors.repliesBusy();
  }

  #run(work: ReplyWork, leave: () => void): void {
    const running = work(this.#closing.signal).finally(() => {
      leave();
      this.#works.delete(running);
    });
    this.#works.add(running);
  }
}
