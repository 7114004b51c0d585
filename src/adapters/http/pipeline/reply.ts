/** Puts an answer on the wire: a reply, the head of a stream, or a problem. */
import type { Request, Response } from 'express';
import type { Reply } from '../declaration/route.ts';
import { type Problem, problemHeaders } from '../refusals/problem.ts';
import { refusalFormOf } from '../refusals/refusal-form.ts';
import { EVENT_STREAM_HEADERS } from '../streams/server-sent-events.ts';
import { setCookies } from './cookie.ts';
import { etagOf } from './etag.ts';
import type { RequestContext } from './request-context.ts';
import { endAfterBody, UNREAD_LIMITS, type UnreadLimits } from './unread-body.ts';

export type RefusalOptions = Readonly<{
  /** Aborted when the server stops: nothing is waited for then. */
  closing: AbortSignal;
  /** How much, and for how long, is read of a body that was refused; `UNREAD_LIMITS` where it is left out. */
  unreadLimits?: UnreadLimits;
}>;

/** Sends a reply; of a stream, or of events, the head alone. */
export function sendReply(response: Response, reply: Reply, context: RequestContext, etag: boolean): void {
  const headers: Record<string, string | number | string[]> = Object.assign(context.headers, reply.headers);
  const cookies = setCookies(reply, context.secure);
  if (cookies.length > 0) headers['Set-Cookie'] = cookies;
  if (reply.events !== undefined) {
    response.writeHead(reply.status, Object.assign(headers, EVENT_STREAM_HEADERS));
    return;
  }
  if (reply.stream !== undefined) {
    headers['Content-Type'] = reply.stream.contentType;
    response.writeHead(reply.status, headers);
    return;
  }
  if (reply.body === undefined) {
    response.writeHead(reply.status, headers).end();
    return;
  }
  const text = JSON.stringify(reply.body);
  headers['Content-Type'] = 'application/json; charset=utf-8';
  headers['Content-Length'] = Buffer.byteLength(text);
  if (etag) headers.ETag = etagOf(text);
  response.writeHead(reply.status, headers).end(text);
}

export function sendProblem(
  request: Request,
  response: Response,
  document: Problem,
  context: RequestContext,
  { closing, unreadLimits: limits = UNREAD_LIMITS }: RefusalOptions,
): void {
  const { contentType, body } = refusalFormOf(request)(document);
  const text = JSON.stringify(body);
  const headers: Record<string, string | number> = {
    ...context.headers,
    ...problemHeaders(document),
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(text),
  };
  if (request.complete) {
    response.writeHead(document.status, headers).end(text);
    return;
  }
  // What is left of a refused body is thrown away, and the connection carries no other request.
  response.writeHead(document.status, { ...headers, Connection: 'close' });
  endAfterBody(request, response, text, { limits, closing });
}

/** Whether a browser goes there, and would show what it gets as a page. */
export function isNavigation(request: Request): boolean {
  return /\btext\/html\b/.test(request.headers.accept ?? '');
}

/** Leads a browser to the web client, which tells the problem of a sign-in in words. */
export function sendBack(response: Response, { code }: Problem, context: RequestContext): void {
  const headers = { ...context.headers, Location: `/?sign_in_error=${code}`, 'Cache-Control': 'no-store' };
  response.writeHead(302, headers).end();
}
