/** Lets pages of some other origins call the API with tokens, never with cookies. */
import type { RequestHandler } from 'express';
import { nameExchange } from './outside.ts';

/** How long a browser may keep the answer to a preflight, in seconds. */
const MAX_AGE_SECONDS = 600;
const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Request-Id';
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
    const allowed = { 'Access-Control-Allow-Methods': METHODS, 'Access-Control-Allow-Headers': REQUEST_HEADERS };
    response.writeHead(204, { ...allowed, 'Access-Control-Max-Age': MAX_AGE_SECONDS }).end();
  };
}
