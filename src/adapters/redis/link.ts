/** One connection to Redis, from its first answer to its end. */
import { createClient } from 'redis';
import { currentUrl, type RedisAddress } from './address.ts';
import { within } from './deadline.ts';
import { LateError, mapFailure, NotConnectedError, replyCode, saysAway } from './failures.ts';
import type { Script } from './scripts.ts';

/** The longest that a call waits for its answer. */
const CALL_MS = 250;
/** The longest that connecting, or asking a sentinel, may take. */
const CONNECT_MS = 1_000;
/** How often Redis is asked whether it is there when nobody else asks; a socket silent for three of them is dead. */
const PING_MS = 1_000;
/** So many calls in a row without an answer mean that there is nobody. */
const MOST_LATE = 3;

export type CallOutcome = 'answered' | 'refused' | 'late' | 'away';

/** Told of every call. */
export type CallObserver = (name: string, ms: number, outcome: CallOutcome) => void;

/** What is called on Redis; a command's name is its first word. Both throw as `mapFailure` says. */
export interface RedisCalls {
  command<Reply>(...words: readonly [string, ...string[]]): Promise<Reply>;
  run<Reply>(script: Script, keys: readonly string[], values?: readonly string[]): Promise<Reply>;
}

type Client = ReturnType<typeof clientOf>;

export class RedisLink implements RedisCalls {
  readonly #client: Client;
  readonly #observe: CallObserver;
  readonly #lost = Promise.withResolvers<void>();
  #late = 0;

  private constructor(client: Client, observe: CallObserver) {
    this.#client = client;
    this.#observe = observe;
    // Without a listener it would end the process.
    client.on('error', () => this.close());
  }

  /** Connected and answering. Throws what the client throws. */
  static async open(address: RedisAddress, observe: CallObserver): Promise<RedisLink> {
    const link = new RedisLink(clientOf(await currentUrl(address, CONNECT_MS)), observe);
    try {
      await within(link.#client.connect(), CONNECT_MS);
      // One that has just started is connected to, and answers that it is loading.
      await within(link.#client.ping(), CALL_MS);
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  /** Resolves when nothing more is answered here. */
  get lost(): Promise<void> {
    return this.#lost.promise;
  }

  command<Reply>(...words: readonly [string, ...string[]]): Promise<Reply> {
    return this.#call(words[0], false, () => this.#client.sendCommand([...words]));
  }

  /** By its digest; sent whole where Redis does not know it, which it says before it does anything. */
  run<Reply>(script: Script, keys: readonly string[], values: readonly string[] = []): Promise<Reply> {
    const words = [String(keys.length), ...keys, ...values];
    return this.#call(script.name, script.changes, () =>
      this.#client.sendCommand(['EVALSHA', script.sha, ...words]).catch((error) => {
        if (replyCode(error) !== 'NOSCRIPT') throw error;
        return this.#client.sendCommand(['EVAL', script.source, ...words]);
      }),
    );
  }

  /** Rejects every call that waits. */
  close(): void {
    this.#client.destroy();
    this.#lost.resolve();
  }

  async #call<Reply>(name: string, changes: boolean, send: () => Promise<unknown>): Promise<Reply> {
    const began = performance.now();
    const told = (outcome: CallOutcome) => this.#observe(name, performance.now() - began, outcome);
    try {
      if (!this.#client.isReady) throw new NotConnectedError();
      const reply = await within(send(), CALL_MS);
      this.#late = 0;
      told('answered');
      return reply as Reply;
    } catch (error) {
      told(this.#judge(error));
      throw mapFailure(error, changes);
    }
  }

  /** Gives the connection up where it is of no more use. */
  #judge(error: unknown): CallOutcome {
    if (error instanceof LateError) {
      this.#late += 1;
      if (this.#late >= MOST_LATE) this.close();
      return 'late';
    }
    if (saysAway(error)) this.close();
    else if (replyCode(error) !== undefined) {
      this.#late = 0;
      return 'refused';
    }
    return 'away';
  }
}

export function clientOf(url: string) {
  return createClient({
    url,
    socket: { connectTimeout: CONNECT_MS, socketTimeout: 3 * PING_MS, reconnectStrategy: false },
    disableOfflineQueue: true,
    // Calls have a deadline of their own; the client's covers what is not yet written, and costs more than the call.
    commandOptions: { timeout: 0 },
    pingInterval: PING_MS,
    maintNotifications: 'disabled',
  });
}
