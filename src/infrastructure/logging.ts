/** Logs: one JSON line each, with request ids, and without anything secret. */
import { type Logger, pino } from 'pino';
import type { RequestRecord } from '#adapters/http/serve.ts';

/** Keys whose values never reach a log, wherever they stand. */
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

export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
  });
}

/** Writes what happened to a request: a failure of ours as an error, everything else as information. */
export function logRequest(logger: Logger): (record: RequestRecord) => void {
  // What stands in this line is chosen here, all of it. To look through it for secrets would take longer than to write it.
  const plain = logger.child({}, { redact: [] });
  return ({ requestId, method, route, status, ms, actorId, error }) => {
    const line = { request_id: requestId, method, route, status, ms: Math.round(ms * 10) / 10, actor_id: actorId };
    if (error === undefined) plain.info(line, 'request');
    else logger.error({ ...line, err: error }, 'request failed');
  };
}
