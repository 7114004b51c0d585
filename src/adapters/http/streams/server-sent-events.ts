/** Server-sent events: written as they happen, kept alive, and cut off where nobody reads them. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { EventReceiver, Events, SentEvent } from '../declaration/events.ts';
import { encodedOnce } from './encoded-once.ts';
import type { LiveClose, LiveObserver } from './live-observer.ts';
import { drained, MAX_UNREAD_BYTES, reconnectMs } from './unread.ts';

/** Proxies close what is silent for a minute, and so does this server. */
const HEARTBEAT_MS = 15_000;
const HEARTBEAT = ':\n\n';

/** No proxy may hold back, pack or change what comes piece by piece. */
export const EVENT_STREAM_HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

type Options = Readonly<{ closing: AbortSignal; live: LiveObserver }>;

/**
 * Sends events on an answer whose head is written, until the client leaves, the events end, or the server stops.
 * Answers what they failed for; undefined where all is well.
 */
export async function sendEvents(
  response: ServerResponse,
  events: Events,
  { closing, live }: Options,
): Promise<unknown> {
  const stream = new EventStream(response, live);
  const leave = () => stream.leave();
  closing.addEventListener('abort', leave, { once: true });
  live.opened('sse');
  try {
    if (closing.aborted) leave();
    else events.start(stream);
    if (!response.destroyed) await once(response, 'close');
  } finally {
    closing.removeEventListener('abort', leave);
    stream.stopBeating();
    events.close();
    live.closed('sse', stream.why);
  }
  return stream.failure;
}

const textOf = encodedOnce(({ id, event, data }) => {
  const line = id === null ? '' : `id: ${id}\n`;
  return `${line}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
});

class EventStream implements EventReceiver {
  why: LiveClose = 'client_gone';
  failure: unknown;
  readonly #response: ServerResponse;
  readonly #live: LiveObserver;
  readonly #heart: NodeJS.Timeout;

  constructor(response: ServerResponse, live: LiveObserver) {
    this.#response = response;
    this.#live = live;
    this.#heart = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    response.write(`retry: ${reconnectMs()}\n\n`);
  }

  send(event: SentEvent): void {
    const { writableEnded, destroyed, writableLength } = this.#response;
    if (writableEnded || destroyed) return;
    if (writableLength > MAX_UNREAD_BYTES) {
      this.why = 'too_slow';
      this.#response.destroy();
      return;
    }
    this.#response.write(textOf(event));
    this.#live.told(event.event);
  }

  drained(): Promise<void> {
    return drained(this.#response);
  }

  end(failure?: unknown): void {
    this.failure = failure;
    this.why = failure === undefined ? 'access_ended' : 'failed';
    if (failure === undefined) this.#response.end();
    else this.#response.destroy();
  }

  /** The server stops: the client connects again, here or elsewhere. */
  leave(): void {
    this.why = 'closing';
    this.#response.end(`retry: ${reconnectMs()}\n\n`);
  }

  stopBeating(): void {
    clearInterval(this.#heart);
  }

  /** Where something waits already, a heartbeat would not get through. */
  #beat(): void {
    const { writableEnded, writableLength } = this.#response;
    if (!writableEnded && writableLength === 0) this.#response.write(HEARTBEAT);
  }
}
