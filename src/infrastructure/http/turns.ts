/** The requests of one connection, answered one after another: what waits, and what an unread answer can hold. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { isReadPatiently } from '#adapters/http/bodies/patient-chunks.ts';

type Turn = Readonly<{ request: IncomingMessage; response: ServerResponse }>;

/** What one connection has asked and not been answered yet. */
type Connection = {
  current: Turn | null;
  readonly waiting: Turn[];
  /** Refuses what came behind these and cannot be read. */
  refuse: (() => void) | null;
};

/**
 * Begins no request of a connection before the answer to the one before it was taken: a client that sends and does not
 * read holds one answer, whatever it has asked for. One that sends more than `maxWaiting` requests ahead is cut off.
 */
export class Turns {
  readonly #answer: RequestListener;
  readonly #maxWaiting: number;
  readonly #connections = new WeakMap<Socket, Connection>();

  constructor(answer: RequestListener, maxWaiting: number) {
    this.#answer = answer;
    this.#maxWaiting = maxWaiting;
  }

  readonly listener: RequestListener = (request, response) => {
    const connection = this.#of(request.socket);
    if (connection.current === null) this.#begin(connection, { request, response });
    else if (connection.waiting.length === this.#maxWaiting) request.socket.destroy();
    else connection.waiting.push({ request, response });
  };

  /**
   * Refuses what cannot be read, in its turn: after the answers to what came whole before it, in place of the answer to
   * a request that will never be whole. A connection on which that answer has begun is broken instead.
   */
  refuse(socket: Socket, refuse: () => void): void {
    const connection = this.#of(socket);
    const { current } = connection;
    if (current === null) refuse();
    else if (current.request.complete) {
      connection.refuse ??= refuse;
      // Whatever else comes is not read: it would count as a sign of life.
      socket.pause();
    } else if (current.response.headersSent) socket.destroy();
    else refuse();
  }

  /** Whether a request of the connection is being answered whose body may take longer to arrive than others. */
  isPatient(socket: Socket): boolean {
    const { current } = this.#of(socket);
    return current !== null && isReadPatiently(current.request);
  }

  #of(socket: Socket): Connection {
    let connection = this.#connections.get(socket);
    if (connection === undefined) {
      connection = { current: null, waiting: [], refuse: null };
      this.#connections.set(socket, connection);
    }
    return connection;
  }

  #begin(connection: Connection, turn: Turn): void {
    connection.current = turn;
    turn.response.once('close', () => this.#next(connection, turn.request.socket));
    this.#answer(turn.request, turn.response);
  }

  #next(connection: Connection, socket: Socket): void {
    connection.current = null;
    // After `Connection: close`, or where the client has left, nobody waits for more.
    if (!socket.writable) return;
    const next = connection.waiting.shift();
    if (connection.refuse !== null && !next?.request.complete) connection.refuse();
    else if (next !== undefined) this.#begin(connection, next);
  }
}
