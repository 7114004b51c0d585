/** Listens to channels of Redis, over a connection of its own that is made anew for as long as anybody listens. */
import { setTimeout as sleep } from 'node:timers/promises';
import { currentUrl, type RedisAddress } from './address.ts';
import { within } from './deadline.ts';
import { mapFailure } from './failures.ts';
import { clientOf } from './link.ts';

const CONNECT_MS = 1_000;
const SUBSCRIBE_MS = 250;
/** Between attempts to connect. */
const PAUSE_MS = 500;

type Client = ReturnType<typeof clientOf>;
type Channel = Readonly<{ close(): Promise<void> }>;
type ChannelListener = Readonly<{
  onMessage(message: string): void;
  /** No message comes until the channel is listened to again. */
  onInterruption(): void;
  /** The channel is listened to again; messages may have been missed. Where it throws, the connection is made anew. */
  onReturn(): Promise<void>;
}>;

export class Channels {
  readonly #address: RedisAddress;
  readonly #listeners = new Map<string, Set<ChannelListener>>();
  readonly #closing = new AbortController();
  #client: Promise<Client> | undefined;

  constructor(address: RedisAddress) {
    this.#address = address;
  }

  /** Throws 503 `store_unavailable` where Redis is away. */
  async open(name: string, listener: ChannelListener): Promise<Channel> {
    try {
      const client = await this.#connected();
      if (!this.#listeners.has(name)) await within(this.#subscribe(client, name), SUBSCRIBE_MS);
    } catch (error) {
      throw mapFailure(error, false);
    }
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return { close: () => this.#leave(name, listener) };
  }

  close(): void {
    this.#closing.abort();
    void this.#client?.then((client) => client.destroy()).catch(() => {});
  }

  #subscribe(client: Client, name: string): Promise<void> {
    return client.subscribe(name, (message) => {
      for (const listener of this.#listeners.get(name) ?? []) listener.onMessage(message);
    });
  }

  async #leave(name: string, listener: ChannelListener): Promise<void> {
    const listeners = this.#listeners.get(name);
    listeners?.delete(listener);
    if (listeners?.size !== 0) return;
    this.#listeners.delete(name);
    const client = await this.#client?.catch(() => undefined);
    // A connection that is lost listens to nothing any more.
    await client?.unsubscribe(name).catch(() => {});
  }

  #connected(): Promise<Client> {
    this.#client ??= this.#connect().catch((error) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #connect(): Promise<Client> {
    const client = clientOf(await currentUrl(this.#address, CONNECT_MS));
    client.on('error', () => this.#lose(client));
    try {
      await within(client.connect(), CONNECT_MS);
      return client;
    } catch (error) {
      client.destroy();
      throw error;
    }
  }

  #lose(client: Client): void {
    client.destroy();
    // One that is being made anew, and fails, says so where it is waited for.
    this.#client?.then((current) => (current === client ? this.#return() : undefined)).catch(() => {});
  }

  async #return(): Promise<void> {
    this.#client = undefined;
    this.#interrupt();
    const { signal } = this.#closing;
    while (!signal.aborted && this.#listeners.size > 0) {
      if (await this.#returned().catch(() => false)) return;
      await sleep(PAUSE_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #returned(): Promise<boolean> {
    const client = await this.#connected();
    try {
      for (const name of this.#listeners.keys()) await within(this.#subscribe(client, name), SUBSCRIBE_MS);
      for (const listeners of this.#listeners.values()) for (const listener of listeners) await listener.onReturn();
      return true;
    } catch {
      // The error event of a connection that ends by itself does the same.
      this.#client = undefined;
      client.destroy();
      this.#interrupt();
      return false;
    }
  }

  #interrupt(): void {
    for (const listeners of this.#listeners.values()) for (const listener of listeners) listener.onInterruption();
  }
}
