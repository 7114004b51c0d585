/** Lets pages of some other origins call the API with tokens, never with cookies. */
import type { RequestHandler } from 'express';
import { nameExchange } from './outside.ts';

/** How long a browser may keep the answer to a preflight, in seconds. */
const MAX_AGE_SECONDS = 600;
const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Request-Id';
/**
 * What clients of OpenAI's API tell of themselves; new versions tell more. `User-Agent` is Chromium's own, and asked by
 * others.
 */
const OF_OPENAI_CLIENTS = /^(?:x-stainless-[a-z-]+|openai-[a-z-]+|user-agent)$/;
const ANSWER_HEADERS =
  'ETag, Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, X-Tavernkeep-Thread';

/** Says so to browsers; without `Access-Control-Allow-Credentials` they neither send nor take cookies. */
export function cors(origins: ReadonlySet<string>): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined || !origins.has(origin)) return next();
    response.setHeader('Access-Control-Allow-Origin', origin);
    if (request.method !== 'OPTIONS') response.setHeader('Access-Control-Expose-Headers', ANSWER_HEADERS);
    next();
  };
}

/** Answers what a browser asks before such a call. */
export function preflight(origins: ReadonlySet<string>): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers;
    if (request.method !== 'OPTIONS' || origin === undefined || !origins.has(origin)) return next();
    nameExchange(request, '(preflight)');
    response.setHeader('Access-Control-Allow-Methods', METHODS);
    response.setHeader('Access-Control-Allow-Headers', allowedOf(request.headers['access-control-request-headers']));
    response.writeHead(204, { 'Access-Control-Max-Age': MAX_AGE_SECONDS }).end();
  };
}

/** The headers of every call, and of those that are asked for the ones that tell of a client. */
function allowedOf(asked = ''): string {
  const names = asked.split(',').map((name) => name.trim().toLowerCase());
  return [REQUEST_HEADERS, ...names.filter((name) => OF_OPENAI_CLIENTS.test(name))].join(', ');
}
