/** The event bus of a single process. */
import { randomUUID } from 'node:crypto';
import type { LRUCache } from 'lru-cache';
import type { EventBus, Listener, Subscription, Told } from '#application/shared/event-bus.ts';
import { leastRecentlyUsed } from './lru.ts';

/** Events that are held for each topic, and the topics for which any are held: about 20 MB at most. */
const MAX_EVENTS = 200;
const MAX_TOPICS = 1_000;

/**
 * Correct for a single process only. Listeners are called before `publish` returns, so that they are told in the order
 * of the calls.
 */
export class EmbeddedEventBus<Event> implements EventBus<Event> {
  /** What another process told has other ids. */
  readonly #origin = randomUUID().slice(0, 8);
  readonly #held: LRUCache<string, Told<Event>[]>;
  readonly #listeners = new Map<string, Set<Listener<Event>>>();
  /** Of all topics, so that a topic whose events were dropped gives no id twice. */
  #published = 0;

  constructor({ maxTopics = MAX_TOPICS }: Readonly<{ maxTopics?: number }> = {}) {
    this.#held = leastRecentlyUsed(maxTopics);
  }

  /** Of how many topics events are held. */
  get topics(): number {
    return this.#held.size;
  }

  async publish(topic: string, event: Event): Promise<void> {
    const listeners = this.#listeners.get(topic);
    // Nobody has an id of a topic that nobody has listened to.
    if (listeners === undefined && !this.#held.has(topic)) return;
    this.#published += 1;
    const told = { id: `${this.#origin}-${this.#published}`, event };
    this.#hold(topic, told);
    for (const listener of listeners ?? []) listener.onEvent(told);
  }

  async subscribe(topic: string, listener: Listener<Event>, after?: string): Promise<Subscription> {
    if (after !== undefined) this.#resume(topic, listener, after);
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return { end: async () => this.#end(topic, listener) };
  }

  #hold(topic: string, told: Told<Event>): void {
    const held = this.#held.get(topic);
    if (held === undefined) this.#held.set(topic, [told]);
    else if (held.push(told) > MAX_EVENTS) held.shift();
  }

  #resume(topic: string, listener: Listener<Event>, after: string): void {
    const held = this.#held.get(topic) ?? [];
    const index = held.findIndex(({ id }) => id === after);
    if (index === -1) listener.onLost();
    else for (const told of held.slice(index + 1)) listener.onEvent(told);
  }

  #end(topic: string, listener: Listener<Event>): void {
    const listeners = this.#listeners.get(topic);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(topic);
  }
}
