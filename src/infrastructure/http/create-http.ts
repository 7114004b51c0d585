/** Builds the HTTP application from the container: routes, authentication, rate limits, logging and pages. */
import { randomUUID } from 'node:crypto';
import type { Container } from 'inversify';
import type { Logger } from 'pino';
import { createApp } from '#adapters/http/app.ts';
import { BASE_PATH } from '#adapters/http/declaration/base-path.ts';
import type { Client, Route } from '#adapters/http/declaration/route.ts';
import { documentedRefusals } from '#adapters/http/docs/documented-refusals.ts';
import { openApiOf } from '#adapters/http/docs/openapi.ts';
import { pages } from '#adapters/http/docs/pages.ts';
import { health, type Readiness } from '#adapters/http/operations/health.ts';
import { metrics } from '#adapters/http/operations/metrics.ts';
import { Idempotency } from '#adapters/http/pipeline/idempotency.ts';
import { RequestRateLimits } from '#adapters/http/pipeline/rate-limits.ts';
import type { RequestRecord } from '#adapters/http/pipeline/request-context.ts';
import { Authenticate } from '#application/identity/sessions/authenticate.ts';
import type { Config } from '../config/config.ts';
import { paths } from '../config/paths.ts';
import { bodyKeys } from '../config/policies-from-config.ts';
import { LiveMetrics } from '../observability/live-metrics.ts';
import { logRequest } from '../observability/logging.ts';
import { Instruments } from '../observability/metrics/instruments.ts';
import { RequestMetrics } from '../observability/metrics/request-metrics.ts';
import { tokens } from '../wiring/tokens.ts';
import { auditForbidden } from './audit-forbidden.ts';

export type HttpOptions = Readonly<{
  /** The API's version, for its documentation. */
  version: string;
  /** Whether to compare every response with its declaration. */
  checkResponses: boolean;
  readiness: () => Promise<Readiness>;
  /** Whether this server still owns its stores. If not, every request is refused. */
  holdsLock: () => boolean;
  closing: AbortSignal;
}>;

export function createHttp(container: Container, config: Config, logger: Logger, options: HttpOptions) {
  const routes = routesOf(container);
  const authenticate = container.get(Authenticate);
  const publicUrl = config.PUBLIC_URL === undefined ? null : new URL(config.PUBLIC_URL);
  return createApp({
    routes,
    authenticate: (client: Client) => authenticate.execute(client, { ip: client.ip, requestId: client.requestId }),
    limits: limitsOf(container, config),
    idempotency: new Idempotency({
      reads: container.get(tokens.reads),
      clock: container.get(tokens.clock),
      bodyKeys: bodyKeys(config),
    }),
    publicUrl,
    corsOrigins: new Set(config.CORS_ORIGINS),
    newRequestId: randomUUID,
    record: recordOf(container, logger),
    refused: auditForbidden(container),
    checkResponses: options.checkResponses,
    holdsLock: options.holdsLock,
    closing: options.closing,
    live: container.get(LiveMetrics),
    trustProxy: config.TRUST_PROXY ?? false,
    outside: {
      unlimited: [health(options.readiness)],
      guarded: [metrics(() => container.get(Instruments).scrape())],
      limited: [
        pages({
          webRoot: paths.page,
          openApi: () => openApiOf(routes, options.version, BASE_PATH),
          refusals: documentedRefusals,
          secure: publicUrl?.protocol === 'https:',
        }),
      ],
    },
  });
}

/** Told of every request: the log, and the metrics. */
function recordOf(container: Container, logger: Logger): (record: RequestRecord) => void {
  const [log, requests] = [logRequest(logger), container.get(RequestMetrics)];
  requests.expect(documentedRefusals().map(({ code }) => code));
  return (record) => {
    log(record);
    requests.record(record);
  };
}

/** Returns every route of the API, in the order of the feature modules. */
export function routesOf(container: Container): readonly Route[] {
  return container.getAll(tokens.routes).flat();
}

function limitsOf(container: Container, config: Config): RequestRateLimits {
  return new RequestRateLimits({
    limiter: container.get(tokens.rateLimiter),
    clock: container.get(tokens.clock),
    quotas: { anonymous: config.RATE_LIMIT_ANONYMOUS_PER_MINUTE, actor: config.RATE_LIMIT_ACTOR_PER_MINUTE },
  });
}
