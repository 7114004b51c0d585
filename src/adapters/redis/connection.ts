/** The connection to Redis that everything shares: made anew for as long as the server runs, and refused meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisAddress } from './address.ts';
import { mapFailure, NotConnectedError } from './failures.ts';
import { type CallObserver, type RedisCalls, RedisLink } from './link.ts';
import type { Script } from './scripts.ts';

/** Pauses between attempts to connect: doubled up to the longest, and a random part of each. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** A connection that lasted so long was a good one: the next pause is the first again. */
const GOOD_MS = 5_000;

/** Done on a new connection before anybody else may call; where it throws, the connection is given up. */
export type OnReturn = (calls: RedisCalls) => Promise<void>;

export type RedisObserver = Readonly<{
  called?: CallObserver;
  /** Redis is away from here on, or back. */
  changed?: (state: RedisState) => void;
}>;

export type RedisState = 'redis' | 'away';

/**
 * A circuit breaker as well: while Redis is away no call waits, all are refused at once, and attempts to connect, a
 * second apart at most, find out whether it is back. Calls are never repeated.
 */
export class RedisConnection implements RedisCalls {
  readonly #address: RedisAddress;
  readonly #observer: RedisObserver;
  readonly #onReturn: OnReturn[] = [];
  readonly #closing = new AbortController();
  #link: RedisLink | undefined;
  #attempts = 0;

  private constructor(address: RedisAddress, observer: RedisObserver) {
    this.#address = address;
    this.#observer = observer;
  }

  /** Throws what the client throws where Redis cannot be reached or does not answer now. */
  static async open(address: RedisAddress, observer: RedisObserver = {}): Promise<RedisConnection> {
    const connection = new RedisConnection(address, observer);
    connection.#use(await connection.#newLink());
    return connection;
  }

  get state(): RedisState {
    return this.#link === undefined ? 'away' : 'redis';
  }

  /** From now on done at every return. */
  onReturn(work: OnReturn): void {
    this.#onReturn.push(work);
  }

  async command<Reply>(...words: readonly [string, ...string[]]): Promise<Reply> {
    return this.#current(words[0]).command(...words);
  }

  async run<Reply>(script: Script, keys: readonly string[], values?: readonly string[]): Promise<Reply> {
    return this.#current(script.name).run(script, keys, values);
  }

  /** Gives up what is there and connects anew: whatever is done at a return is done before the next call. */
  renew(): void {
    this.#link?.close();
    this.#link = undefined;
  }

  close(): void {
    this.#closing.abort();
    this.renew();
  }

  #current(name: string): RedisLink {
    if (this.#link !== undefined) return this.#link;
    this.#observer.called?.(name, 0, 'away');
    throw mapFailure(new NotConnectedError(), false);
  }

  #newLink(): Promise<RedisLink> {
    return RedisLink.open(this.#address, (...call) => this.#observer.called?.(...call));
  }

  #use(link: RedisLink): void {
    const began = performance.now();
    this.#link = link;
    void link.lost.then(() => {
      this.#link = undefined;
      if (performance.now() - began > GOOD_MS) this.#attempts = 0;
      if (!this.#closing.signal.aborted) return this.#returnLater();
    });
  }

  async #returnLater(): Promise<void> {
    this.#observer.changed?.('away');
    const { signal } = this.#closing;
    for (;;) {
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#attempts) * (0.5 + Math.random() / 2);
      this.#attempts += 1;
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      const link = await this.#returned().catch(() => undefined);
      if (signal.aborted) return link?.close();
      if (link === undefined) continue;
      this.#use(link);
      this.#observer.changed?.('redis');
      return;
    }
  }

  async #returned(): Promise<RedisLink> {
    const link = await this.#newLink();
    try {
      for (const work of this.#onReturn) await work(link);
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }
}
