/** Requests to upgrade a connection, which Node leaves to us: answered as others are, or taken over. */
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a client may take to read a refusal, in milliseconds. */
const LINGER_MS = 1_000;

/**
 * What the request is answered by. Where that is not taken off the connection, the connection ends with it, at the
 * latest a second later, whether or not the client closes it too.
 */
export function responseOn(socket: Socket, request: IncomingMessage, head: Buffer): ServerResponse {
  // A connection that breaks is no fault.
  socket.on('error', () => socket.destroy());
  if (head.length > 0) socket.unshift(head);
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => {
    socket.end();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
  return response;
}
