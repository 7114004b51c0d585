/** The HTTP server: its limits, and a graceful stop. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type HttpError, httpErrors } from '#adapters/http/declaration/http-errors.ts';
import { StreamEnded } from '#adapters/http/declaration/stream.ts';
import { maxConnections } from '../config/descriptors.ts';
import { Turns } from './turns.ts';
import { refuseSocket, unreadable } from './unreadable.ts';
import { responseOn } from './upgrades.ts';

/** Leaves a second of the 10 s that start.ts allows, to close the stores. */
export const CUT_OFF_MS = 9_000;
const IDLE_CHECK_MS = 50;

export type ServerLimits = Readonly<{
  /** The longest times for the headers, and for the whole request, to arrive: a defence against slow clients. */
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  /** How often both are looked at. */
  checkEveryMs: number;
  /** How long an answer may lie unread without a byte of it being taken. */
  stalledMs: number;
  /** Requests that a client may send ahead of their answers on one connection. */
  maxWaiting: number;
  /** Connections at once; further ones are closed. */
  maxConnections: number;
}>;

/** Told of what no request handler sees. */
export type ServerLog = Readonly<{
  /** Something that was no request was refused. */
  unreadable(refusal: Readonly<{ requestId: string; status: number; code: string }>): void;
  /** A connection was closed because there were `maxConnections` already. */
  full(maxConnections: number): void;
}>;

export type RunningServer = Readonly<{
  /** `http://<host>:<port>`, with the actual port if the configured one is 0. */
  url: string;
  /** Ends streams, stops accepting, waits for what is under way, and after `cutOffMs` (9 s) cuts off the rest. */
  stop(cutOffMs?: number): Promise<void>;
}>;

/** Makes what answers requests; `closing` is aborted, by a `StreamEnded`, when the server begins to stop. */
export type CreateListener = (closing: AbortSignal) => RequestListener;

export type ServerOptions = Readonly<{ limits?: Partial<ServerLimits>; log?: ServerLog }>;

export async function startServer(
  createListener: CreateListener,
  host: string,
  port: number,
  { limits: changed = {}, log }: ServerOptions = {},
): Promise<RunningServer> {
  const closing = new AbortController();
  const limits = { ...defaultLimits(), ...changed };
  const turns = new Turns(createListener(closing.signal), limits.maxWaiting);
  const server = limitedServer(limits);
  for (const event of ['request', 'checkExpectation']) server.on(event, turns.listener);
  server.on('upgrade', (request, socket: Socket, head) => turns.listener(request, responseOn(socket, request, head)));
  const refuse = (socket: Socket, error: HttpError) => {
    const { request_id: requestId, status, code } = refuseSocket(socket, error);
    log?.unreadable({ requestId, status, code });
  };
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Node tells it once, and lets the body come.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && turns.isPatient(socket)) return;
    if (error.code === 'ECONNRESET' || socket.destroyed) socket.destroy();
    // Where it is ended already, it is about to be closed.
    else if (socket.writable) turns.refuse(socket, () => refuse(socket, unreadable(error)));
  });
  server.on('connect', (_request, socket: Socket) =>
    turns.refuse(socket, () => refuse(socket, httpErrors.routeNotFound())),
  );
  server.on('drop', () => log?.full(limits.maxConnections));
  await listen(server, host, port);
  const { address, family, port: actualPort } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actualPort}`,
    stop: (cutOffMs = CUT_OFF_MS) => stop(server, closing, cutOffMs),
  };
}

function defaultLimits(): ServerLimits {
  return {
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 30_000,
    checkEveryMs: 1_000,
    stalledMs: 60_000,
    maxWaiting: 64,
    maxConnections: maxConnections(),
  };
}

function limitedServer(limits: ServerLimits): Server {
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    // Whatever else is offered is answered as if it were not.
    shouldUpgradeCallback: ({ method, headers }) => method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket',
    // Refused with a problem document, like everything else.
    requireHostHeader: false,
  });
  server.setTimeout(limits.stalledMs);
  server.maxConnections = limits.maxConnections;
  return server;
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

function stop(server: Server, closing: AbortController, cutOffMs: number): Promise<void> {
  // A stream may have no end of its own, and `close` waits for it.
  closing.abort(new StreamEnded('closing'));
  return new Promise((resolve) => {
    // Connections that fall idle while we wait would otherwise stay open for the next request.
    const closeIdle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    const cutOff = setTimeout(() => server.closeAllConnections(), cutOffMs);
    server.close(() => {
      clearInterval(closeIdle);
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });
}
