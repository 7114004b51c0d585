/** Reads a stream for one listener: each event once and in order, also over an interruption. */
import type { Listener } from '#application/shared/event-bus.ts';
import type { RedisCalls } from './link.ts';

/** Stands in a stream for events that were not told, and cannot be an event: it is no JSON. */
export const LOST = 'lost';
/** Before every id. */
const START = '0-0';
const ID = /^\d{1,15}-\d{1,15}$/;

type StreamEntry = readonly [id: string, fields: readonly string[]];
type Deps<Event> = Readonly<{ redis: Pick<RedisCalls, 'command'>; key: string; listener: Listener<Event> }>;

export class StreamReader<Event> {
  readonly #deps: Deps<Event>;
  /** The id of the event that was read last. */
  #position = START;
  /** Messages that came while the stream was being read; null where each is told as it comes. */
  #waiting: string[] | null = [];
  #isEnded = false;

  constructor(deps: Deps<Event>) {
    this.#deps = deps;
  }

  /** Decides where reading begins: after an event, or with the next one. Throws 503 where Redis is away. */
  async begin(after?: string): Promise<void> {
    if (after !== undefined && ID.test(after)) this.#position = after;
    else this.#position = await this.#newestId();
    if (after !== undefined && this.#position !== after) this.#deps.listener.onLost();
  }

  /** A message of the channel: id and event. */
  take(message: string): void {
    if (this.#waiting !== null) {
      this.#waiting.push(message);
      return;
    }
    const space = message.indexOf(' ');
    this.#tell(message.slice(0, space), message.slice(space + 1));
  }

  /** From here on messages wait until the stream was read: some before them may be missing. */
  wait(): void {
    this.#waiting ??= [];
  }

  /** Reads what came after the position, and goes on with the channel. Throws 503 where Redis is away. */
  async catchUp(): Promise<void> {
    this.wait();
    const { redis, key, listener } = this.#deps;
    const entries = await redis.command<readonly StreamEntry[]>('XRANGE', key, this.#position, '+');
    if (this.#position === START || entries[0]?.[0] === this.#position) {
      for (const [id, fields] of entries) this.#tell(id, fields[1]!);
    } else {
      this.#position = entries.at(-1)?.[0] ?? START;
      if (!this.#isEnded) listener.onLost();
    }
    const waiting = this.#waiting;
    this.#waiting = null;
    for (const message of waiting ?? []) this.take(message);
  }

  end(): void {
    this.#isEnded = true;
  }

  #tell(id: string, text: string): void {
    if (this.#isEnded || !isAfter(id, this.#position)) return;
    this.#position = id;
    if (text === LOST) this.#deps.listener.onLost();
    else this.#deps.listener.onEvent({ id, event: JSON.parse(text) as Event });
  }

  async #newestId(): Promise<string> {
    const { redis, key } = this.#deps;
    const newest = await redis.command<readonly StreamEntry[]>('XREVRANGE', key, '+', '-', 'COUNT', '1');
    return newest[0]?.[0] ?? START;
  }
}

function isAfter(id: string, other: string): boolean {
  const [time, count] = id.split('-').map(Number) as [number, number];
  const [otherTime, otherCount] = other.split('-').map(Number) as [number, number];
  return time === otherTime ? count > otherCount : time > otherTime;
}
