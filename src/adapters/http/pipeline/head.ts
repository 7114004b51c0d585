/** What the head of every request must be, whatever it asks for. */
import type { Request, Response } from 'express';
import { httpErrors } from '../declaration/http-errors.ts';

/** A host with or without a port; it becomes part of the addresses that the server tells. */
const HOST = /^[\w.~:[\]%-]*$/;

/**
 * Throws 400 `malformed_request` without exactly one well-formed Host header (which HTTP/1.0 may leave out), and 417
 * `expectation_failed` for an expectation that nobody meets. Where another protocol is offered, the connection ends
 * with the answer: what comes behind such a request may be of that protocol.
 */
export function checkHead(request: Request, response: Response): void {
  const { host, expect, upgrade } = request.headers;
  if (host === undefined ? request.httpVersion === '1.1' : !HOST.test(host) || namesHostTwice(request))
    throw httpErrors.malformedRequest({}, 'A request names its host once, in one Host header.');
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') throw httpErrors.expectationFailed();
  if (upgrade !== undefined) response.setHeader('Connection', 'close');
}

/** Node keeps the first of several. */
function namesHostTwice({ rawHeaders }: Request): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}
