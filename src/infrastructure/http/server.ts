/** The HTTP server: its time limits, and a graceful stop. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type HttpRefusal, httpErrors } from '#adapters/http/declaration/http-errors.ts';
import { StreamEnded } from '#adapters/http/declaration/stream.ts';
import { PROBLEM_TYPE, problemFor } from '#adapters/http/pipeline/problem.ts';

/** The longest times for the headers, and for the whole request, to arrive: a defence against slow clients. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Leaves a second of the 10 s that start.ts allows, to close the stores. */
const STOP_TIMEOUT_MS = 9_000;
const IDLE_CHECK_MS = 50;

export type RunningServer = Readonly<{
  /** `http://<host>:<port>`, with the actual port if the configured one is 0. */
  url: string;
  /** Ends streams, stops accepting, waits for what is under way, and after 9 s cuts off the rest. */
  stop(): Promise<void>;
}>;

/** Makes what answers requests; `closing` is aborted, by a `StreamEnded`, when the server begins to stop. */
export type CreateListener = (closing: AbortSignal) => RequestListener;

export async function startServer(createListener: CreateListener, host: string, port: number): Promise<RunningServer> {
  const closing = new AbortController();
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 1_000 },
    createListener(closing.signal),
  );
  server.on('clientError', refuseUnreadable);
  await listen(server, host, port);
  const { address, family, port: actualPort } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actualPort}`,
    stop: () => stop(server, closing),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
}

/** Rewrites the common errors of listening to name the setting to change. */
function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') return new Error(`PORT: ${port} is taken on ${host}. Set PORT to another one.`);
  if (error.code === 'EACCES')
    return new Error(`PORT: this user may not listen on ${port}. Set PORT to one above 1023.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new Error(`HOST: ${host} is no address of this machine.`);
  return error;
}

/**
 * Answers a request that is malformed or too slow with a problem document. Node reports it before there is a request or
 * response object, so the response is written to the socket.
 */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const refusal: HttpRefusal =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? httpErrors.requestTimeout : httpErrors.malformedRequest;
  const document = problemFor(refusal(), 'none');
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${document.status} ${document.title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function stop(server: Server, closing: AbortController): Promise<void> {
  // A stream may have no end of its own, and `close` waits for it.
  closing.abort(new StreamEnded('closing'));
  return new Promise((resolve) => {
    // Connections that fall idle while we wait would otherwise stay open for the next request.
    const closeIdle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    const cutOff = setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT_MS);
    server.close(() => {
      clearInterval(closeIdle);
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });
}
