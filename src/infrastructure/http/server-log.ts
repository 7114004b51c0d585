/**
 * What log and metrics have of connections: what was refused before there was a request, and that there are too many.
 */
import type { Logger } from 'pino';
import type { RequestMetrics } from '../observability/metrics/request-metrics.ts';
import type { ServerLog } from './server.ts';

/** A server that is full stays so for a while, and would tell it of every connection. */
const FULL_EVERY_MS = 60_000;

export function logServer(
  logger: Logger,
  metrics: Pick<RequestMetrics, 'recordUnreadable' | 'recordRefusedConnection'>,
  now: () => number = () => performance.now(),
): ServerLog {
  let toldMs = Number.NEGATIVE_INFINITY;
  return {
    unreadable({ requestId, status, code }) {
      metrics.recordUnreadable({ status, code });
      logger.info({ request_id: requestId, route: '(unreadable)', status, code }, 'request');
    },
    full(maxConnections) {
      metrics.recordRefusedConnection();
      if (now() - toldMs < FULL_EVERY_MS) return;
      toldMs = now();
      logger.warn(
        { max_connections: maxConnections },
        'all connections are taken, further ones are closed: somebody may be holding them, or `ulimit -n` is too low',
      );
    },
  };
}
