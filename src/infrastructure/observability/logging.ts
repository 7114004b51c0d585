/** Logs: one JSON line each, with request ids, and without anything secret. */
import process from 'node:process';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import type { RequestRecord } from '#adapters/http/pipeline/request-context.ts';

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

/** Pino's number for the level `info`. */
const INFO = 30;

/** Bytes of log that wait to be written together, for at most `FLUSH_MS`; a write per request would cost as much as its answer. */
const WRITTEN_TOGETHER = 4_096;
const FLUSH_MS = 500;

/** Where log lines go; what is kept back to be written together is written at `flush`. */
type Destination = DestinationStream & Readonly<{ flush?: () => void }>;

/** To the standard output unless told. */
export function createLogger(level: string, destination: Destination = standardOutput()): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    hooks: {
      // What is worse than information must not be lost with the process that it explains.
      logMethod(values, method, severity) {
        method.apply(this, values);
        if (severity > INFO) destination.flush?.();
      },
    },
  };
  return pino(options, destination);
}

/** `flush` writes; `flushSync`, which is for the end, would also wait for the disk, with everybody else waiting for it. */
function standardOutput(): Destination {
  const destination = pino.destination({
    dest: 1,
    minLength: WRITTEN_TOGETHER,
    periodicFlush: FLUSH_MS,
    sync: true,
  });
  process.on('exit', () => destination.flushSync());
  return destination;
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
