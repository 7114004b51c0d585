/** What has just happened, told to whoever listens in any process, as a port. */

/** An event as it is told, with its place among those of its topic. */
export type Told<Event> = Readonly<{ id: string; event: Event }>;

export type Listener<Event> = Readonly<{
  /** Called for one event after another, in the order of their ids. */
  onEvent(told: Told<Event>): void;
  /** Some events may be missing before the next one: whoever needs them looks into the store. */
  onLost(): void;
}>;

export interface Subscription {
  /** The listener is not called any more. */
  end(): Promise<void>;
}

/**
 * Events of topics, such as one for each thread. They are no record: the newest of a topic are held for a while, so
 * that a listener can go on after an interruption.
 */
export interface EventBus<Event> {
  /**
   * Tells an event to everybody who listens to its topic. Never throws, and waits for no listener: what cannot be told
   * is told as lost as soon as possible.
   */
  publish(topic: string, event: Event): Promise<void>;
  /**
   * Listens from here on. With `after`, the id of an event, those that came after it are told first; where that event
   * is not held any more, they count as lost. Throws 503 `store_unavailable` where nobody can be listened to.
   */
  subscribe(topic: string, listener: Listener<Event>, after?: string): Promise<Subscription>;
}
