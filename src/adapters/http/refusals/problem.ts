/** Problem documents (RFC 9457), and the only table from a refusal's kind to a status. */
import { DomainError, type ErrorDetails, type ErrorKind, type Refusal } from '#domain/shared/domain-error.ts';
import type { HttpRefusal } from '../declaration/http-errors.ts';
import { HttpError } from '../declaration/http-errors.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  stale: 412,
  too_large: 413,
  unsupported: 415,
  unreadable: 422,
  limited: 429,
  unavailable: 503,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition failed',
  413: 'Too large',
  415: 'Unsupported media type',
  416: 'Range not satisfiable',
  417: 'Expectation failed',
  422: 'Unprocessable',
  426: 'Upgrade required',
  428: 'Precondition required',
  429: 'Too many requests',
  500: 'Internal error',
  502: 'Bad gateway',
  503: 'Unavailable',
  504: 'Gateway timeout',
};

/** Seconds that a caller is asked to wait where a refusal of these statuses names no number of its own. */
const DEFAULT_RETRY_AFTER_SECONDS = 1;

export type Problem = Readonly<{
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  request_id: string;
  [extension: string]: unknown;
}>;

export function statusOf(refusal: Refusal | HttpRefusal): number {
  return 'status' in refusal ? refusal.status : STATUS_OF_KIND[refusal.kind];
}

/** Where a code is explained, relative to the server. */
function problemType(code: string): string {
  return `/docs#error-${code}`;
}

/** The figures of a refusal for size, without its advice; undefined of anything else. */
export function sizesOf(error: unknown): ErrorDetails | undefined {
  if (!(error instanceof DomainError) || error.kind !== 'too_large') return undefined;
  const { advice: _, ...sizes } = error.details;
  return sizes;
}

/** The document for anything thrown. What is no refusal is a 500 that says nothing but the request id. */
export function problemFor(error: unknown, requestId: string): Problem {
  if (error instanceof HttpError) return problem(error.status, error.code, error.message, error.details, requestId);
  if (error instanceof DomainError) {
    return problem(STATUS_OF_KIND[error.kind], error.code, error.message, error.details, requestId);
  }
  return {
    type: problemType('internal_error'),
    title: 'Internal error',
    status: 500,
    code: 'internal_error',
    request_id: requestId,
  };
}

/** Headers that a problem needs beside its body. */
export function problemHeaders(document: Problem): Record<string, string> {
  if (document.status === 405) return { Allow: 'POST' };
  if (document.status === 426) return { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
  if (document.status !== 429 && document.status !== 503) return {};
  const seconds =
    typeof document.retry_after_seconds === 'number' ? document.retry_after_seconds : DEFAULT_RETRY_AFTER_SECONDS;
  return { 'Retry-After': String(Math.max(1, seconds)) };
}

function problem(status: number, code: string, detail: string, details: ErrorDetails, requestId: string): Problem {
  return {
    type: problemType(code),
    title: TITLES[status] ?? 'Error',
    status,
    detail,
    code,
    ...snakeCased(details),
    request_id: requestId,
  };
}

/** Details in the field names of the API: `maxPins` is `max_pins`. */
function snakeCased<T>(value: T): T {
  if (Array.isArray(value)) return value.map(snakeCased) as T;
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const named = Object.entries(value).map(([key, inner]) => [
    key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    snakeCased(inner),
  ]);
  return Object.fromEntries(named);
}
