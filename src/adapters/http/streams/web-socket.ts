/** A WebSocket: events as frames, and frames of the client that are answered one after another. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { EventReceiver, Events, SentEvent } from '../declaration/events.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { encodedOnce } from './encoded-once.ts';
import type { LiveClose, LiveObserver } from './live-observer.ts';
import { drained, MAX_UNREAD_BYTES, reconnectMs } from './unread.ts';

/** What a client offers beside `bearer.<token>`, and is answered. */
const PROTOCOL = 'tavernkeep.v1';
const MAX_FRAME_BYTES = 1024 * 1024;
/** Proxies close what is silent for a minute. Who has not answered a ping by the next one is gone. */
const HEARTBEAT_MS = 15_000;
/** How long a client may take to say that it has read the end, in milliseconds. */
const CLOSE_MS = 2_000;
const CODES = { access_ended: 1008, closing: 1012, failed: 1011 } as const;
const KEY = /^[+/0-9A-Za-z]{22}==$/;
const NOTHING = Buffer.alloc(0);

/** What is answered to a frame; null stands for one that is no text. */
type AnswerFrame = (text: string | null) => Promise<unknown>;

type Options = Readonly<{
  headers: Readonly<Record<string, string>>;
  answer: AnswerFrame;
  closing: AbortSignal;
  live: LiveObserver;
}>;

/** Headers of answers to upgrades that are under way. */
const answered = new WeakMap<IncomingMessage, Readonly<Record<string, string>>>();

const sockets = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  maxPayload: MAX_FRAME_BYTES,
  handleProtocols: (offered) => offered.has(PROTOCOL) && PROTOCOL,
});
sockets.on('headers', (lines, request) => {
  for (const [name, value] of Object.entries(answered.get(request) ?? {})) lines.push(`${name}: ${value}`);
});
// Of a request that `isUpgrade` lets pass, this is left: subprotocols that are no list.
sockets.on('wsClientError', (_error, socket) => socket.destroy());

/** Whether a request came as an upgrade to a WebSocket, in a version that is spoken here. */
function isUpgrade(request: IncomingMessage): boolean {
  const { headers, upgrade } = request as IncomingMessage & { upgrade?: boolean };
  return upgrade === true && KEY.test(headers['sec-websocket-key'] ?? '') && headers['sec-websocket-version'] === '13';
}

/**
 * Upgrades the connection of a response, and sends events on it until the client leaves, the events end, or the server
 * stops. Answers what they failed for; undefined where all is well. Throws 426 `upgrade_required`.
 */
export async function openSocket(
  request: IncomingMessage,
  response: ServerResponse,
  events: Events,
  { headers, answer, closing, live }: Options,
): Promise<unknown> {
  if (!isUpgrade(request)) {
    events.close();
    throw httpErrors.upgradeRequired();
  }
  const connection = response.socket as Socket;
  const webSocket = upgraded(request, response, headers);
  if (webSocket === undefined) {
    events.close();
    return undefined;
  }
  const stream = new SocketStream(webSocket, connection, { answer, live });
  const leave = () => stream.leave();
  closing.addEventListener('abort', leave, { once: true });
  live.opened('websocket');
  try {
    if (closing.aborted) leave();
    else events.start(stream);
    await once(webSocket, 'close');
  } finally {
    closing.removeEventListener('abort', leave);
    stream.stopBeating();
    events.close();
    live.closed('websocket', stream.why);
  }
  return stream.failure;
}

/** Undefined where the client has left meanwhile. */
function upgraded(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): WebSocket | undefined {
  const connection = response.socket as Socket;
  let opened: WebSocket | undefined;
  response.statusCode = 101;
  response.detachSocket(connection);
  answered.set(request, headers);
  sockets.handleUpgrade(request, connection, NOTHING, (webSocket) => {
    opened = webSocket;
  });
  return opened;
}

const frameOf = encodedOnce(({ id, event, data }) => JSON.stringify({ event, id, data }));

class SocketStream implements EventReceiver {
  why: LiveClose = 'client_gone';
  failure: unknown;
  readonly #webSocket: WebSocket;
  readonly #connection: Socket;
  readonly #answer: AnswerFrame;
  readonly #live: LiveObserver;
  readonly #heart: NodeJS.Timeout;
  #isAlive = true;
  /** Frames that are not answered yet. */
  #waiting = 0;
  #answering: Promise<void> = Promise.resolve();

  constructor(
    webSocket: WebSocket,
    connection: Socket,
    { answer, live }: Readonly<{ answer: AnswerFrame; live: LiveObserver }>,
  ) {
    this.#webSocket = webSocket;
    this.#connection = connection;
    this.#answer = answer;
    this.#live = live;
    this.#heart = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    webSocket.on('message', (data, isBinary) => this.#take(data, isBinary));
    webSocket.on('pong', () => {
      this.#isAlive = true;
    });
    // What a client sends wrong closes its connection with a code that says so.
    webSocket.on('error', () => undefined);
  }

  send(event: SentEvent): void {
    if (this.#write(frameOf(event))) this.#live.told(event.event);
  }

  drained(): Promise<void> {
    return drained(this.#connection);
  }

  end(failure?: unknown): void {
    this.failure = failure;
    this.why = failure === undefined ? 'access_ended' : 'failed';
    this.#close(CODES[this.why], failure === undefined ? 'access ended' : 'internal error');
  }

  /** The server stops: the client connects again, here or elsewhere. */
  leave(): void {
    this.why = 'closing';
    this.#close(CODES.closing, `connect again in ${reconnectMs()} ms`);
  }

  stopBeating(): void {
    clearInterval(this.#heart);
  }

  #close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
    setTimeout(() => this.#webSocket.terminate(), CLOSE_MS).unref();
  }

  /** Whether it was written; a client that leaves too much unread is cut off. */
  #write(frame: Buffer): boolean {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return false;
    if (this.#connection.writableLength > MAX_UNREAD_BYTES) {
      this.why = 'too_slow';
      this.#webSocket.terminate();
      return false;
    }
    this.#webSocket.send(frame, { binary: false });
    return true;
  }

  /** Reads no further before what has come is answered, and the answer is taken. */
  #take(data: RawData, isBinary: boolean): void {
    this.#waiting += 1;
    this.#webSocket.pause();
    this.#answering = this.#answering.then(async () => {
      if (this.#webSocket.readyState === this.#webSocket.OPEN) {
        this.#write(Buffer.from(JSON.stringify(await this.#answer(isBinary ? null : String(data)))));
        await this.drained();
      }
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#webSocket.resume();
    });
  }

  /** Where something waits already, a ping would not get through, nor its answer. */
  #beat(): void {
    if (this.#waiting > 0) return;
    if (!this.#isAlive) this.#webSocket.terminate();
    else this.#webSocket.ping();
    this.#isAlive = false;
  }
}
