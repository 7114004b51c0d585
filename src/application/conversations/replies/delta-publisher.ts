/** Tells the pieces of a reply as fast as they can be told: what comes while one is under way is told as one. */
import type { EventBus } from '#application/shared/event-bus.ts';
import type { ReplyId, ThreadId } from '#domain/shared/ids.ts';
import type { ThreadEvent } from '../thread-events.ts';

type Deps = Readonly<{ events: EventBus<ThreadEvent>; threadId: ThreadId; replyId: ReplyId }>;

export class DeltaPublisher {
  readonly #deps: Deps;
  #waiting = '';
  #publishing: Promise<void> | undefined;
  #begun = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Whether anything has been told, which cannot be taken back. */
  get begun(): boolean {
    return this.#begun;
  }

  add(piece: string): void {
    this.#begun = true;
    this.#waiting += piece;
    this.#publishing ??= this.#publish();
  }

  /** Resolves once everything has been told. */
  async flush(): Promise<void> {
    await this.#publishing;
  }

  async #publish(): Promise<void> {
    const { events, threadId, replyId } = this.#deps;
    while (this.#waiting !== '') {
      const text = this.#waiting;
      this.#waiting = '';
      await events.publish(threadId, { kind: 'reply.delta', replyId, text });
    }
    this.#publishing = undefined;
  }
}
