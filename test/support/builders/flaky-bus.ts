/** A bus of events, linked with those of other servers, on which a test may lose what is told. */
import { EmbeddedEventBus } from '#adapters/embedded/event-bus.ts';
import type { ThreadEvent } from '#application/conversations/thread-events.ts';
import type { EventBus } from '#application/shared/event-bus.ts';
import { storeErrors } from '#application/shared/store-errors.ts';

/** Events that may be swallowed on their way; whoever subscribes meanwhile is refused. */
export class FlakyBus implements EventBus<ThreadEvent> {
  isAway = false;
  readonly #bus = new EmbeddedEventBus<ThreadEvent>();
  readonly #remote: FlakyBus[] = [];

  /** What is published here is told there too. */
  link(other: FlakyBus): void {
    this.#remote.push(other);
  }

  async publish(topic: string, event: ThreadEvent): Promise<void> {
    await this.deliver(topic, event);
    for (const other of this.#remote) await other.deliver(topic, event);
  }

  async deliver(topic: string, event: ThreadEvent): Promise<void> {
    if (!this.isAway) await this.#bus.publish(topic, event);
  }

  subscribe(...given: Parameters<EventBus<ThreadEvent>['subscribe']>) {
    if (this.isAway) return Promise.reject(storeErrors.storeUnavailable());
    return this.#bus.subscribe(...given);
  }
}
