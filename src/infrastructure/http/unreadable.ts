/** Refusals of what is no request: written to the socket, because there is no request or response object. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { HttpError } from '#adapters/http/declaration/http-errors.ts';
import { httpErrors } from '#adapters/http/declaration/http-errors.ts';
import { COMMON_HEADERS } from '#adapters/http/pipeline/request-context.ts';
import { PROBLEM_TYPE, type Problem, problemFor } from '#adapters/http/refusals/problem.ts';

/** How long a client may take to read such a refusal, in milliseconds. */
const LINGER_MS = 1_000;

/** What Node reports where the bytes of a connection are no request, or come too slowly. */
export function unreadable({ code }: NodeJS.ErrnoException): HttpError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return httpErrors.requestTimeout();
  if (code === 'HPE_HEADER_OVERFLOW')
    return httpErrors.malformedRequest({}, 'The headers of the request are larger than 16 KiB.');
  return httpErrors.malformedRequest();
}

/**
 * Answers with a problem document and closes the connection, at the latest a second later, whether or not the client
 * closes it too.
 */
export function refuseSocket(socket: Socket, error: HttpError): Problem {
  const document = problemFor(error, randomUUID());
  const body = JSON.stringify(document);
  const headers = {
    ...COMMON_HEADERS,
    'X-Request-Id': document.request_id,
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${document.status} ${document.title}`, ...lines, '', body].join('\r\n'));
  // What is still on its way is read meanwhile: closed over unread bytes, a connection may lose the answer.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
  return document;
}
