/** Structured logging: JSON lines with request ids and without secrets. */
import process from 'node:process';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import type { RequestRecord } from '#adapters/http/pipeline/request-context.ts';
import { DomainError } from '#domain/shared/domain-error.ts';

/** Properties whose values are never logged, down to the third level of an object. */
const SECRET_KEYS = [
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
  'code',
  'license_key',
  'digest',
  'content',
];

/** Pino's number for the level `info`. */
const INFO = 30;

/**
 * Lines are buffered up to this many bytes or `FLUSH_MS`: a write for each request would cost as much as its response.
 */
const BUFFER_BYTES = 4_096;
const FLUSH_MS = 500;

/** Where lines are written. `flush` writes those that are buffered. */
type Destination = DestinationStream & Readonly<{ flush?: () => void }>;

/** Creates the logger, which writes to standard output by default. `level` is a level of pino or `silent`. */
export function createLogger(level: string, destination: Destination = standardOutput()): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    hooks: {
      // Warnings and errors are written at once, because they may explain why the process is about to end.
      logMethod(values, method, severity) {
        method.apply(this, values);
        if (severity > INFO) destination.flush?.();
      },
    },
  };
  return pino(options, destination);
}

/**
 * Standard output with a buffer. At exit it is written by `flushSync`, which also waits for the disk and so blocks the
 * event loop; `flush` does not.
 */
function standardOutput(): Destination {
  const destination = pino.destination({
    dest: 1,
    minLength: BUFFER_BYTES,
    periodicFlush: FLUSH_MS,
    sync: true,
  });
  process.on('exit', () => destination.flushSync());
  return destination;
}

/** Returns the function that logs each request: at level `error` if the server failed, otherwise at level `info`. */
export function logRequest(logger: Logger): (record: RequestRecord) => void {
  // Every property of this line is chosen below, so it needs no redaction, which would take longer than writing it.
  const plain = logger.child({}, { redact: [] });
  return ({ requestId, method, route, status, ms, actorId, code, sizes, error }) => {
    const line = {
      request_id: requestId,
      method,
      route,
      status,
      ms: Math.round(ms * 10) / 10,
      actor_id: actorId,
      ...(code !== null && { code, ...(sizes !== undefined && { sizes }) }),
    };
    if (error === undefined) plain.info(line, 'request');
    else logger.error({ ...line, ...failure(error) }, 'request failed');
  };
}

/** What failed: in short where a store is away or full, which every request then says, and with its stack else. */
function failure(error: unknown): object {
  if (!(error instanceof DomainError) || error.kind !== 'unavailable') return { err: error };
  const { cause } = error;
  return { reason: error.code, ...(cause instanceof Error && { cause: cause.message }) };
}
