/** Joins the routes with their use cases to the HTTP application. */
import { randomUUID } from 'node:crypto';
import type { Container } from 'inversify';
import type { Logger } from 'pino';
import { BASE_PATH, createApp } from '#adapters/http/app.ts';
import { contextRoutes } from '#adapters/http/conversations/context.routes.ts';
import { messageRoutes } from '#adapters/http/conversations/messages.routes.ts';
import { threadRoutes } from '#adapters/http/conversations/threads.routes.ts';
import type { Client, Route } from '#adapters/http/declaration/route.ts';
import { documentedRefusals } from '#adapters/http/docs/documented-refusals.ts';
import { openApiOf } from '#adapters/http/docs/openapi.ts';
import { pages } from '#adapters/http/docs/pages.ts';
import { signingInRoutes } from '#adapters/http/identity/signing-in.routes.ts';
import { health, type Readiness } from '#adapters/http/operations/health.ts';
import { Idempotency } from '#adapters/http/pipeline/idempotency.ts';
import { RequestRateLimits } from '#adapters/http/pipeline/rate-limits.ts';
import { CompactContext } from '#application/conversations/context/compact-context.ts';
import { ListContextEvents } from '#application/conversations/context/list-context-events.ts';
import { ReadUsage } from '#application/conversations/context/read-usage.ts';
import { ReadWindow } from '#application/conversations/context/read-window.ts';
import { AppendMessage } from '#application/conversations/messages/append-message.ts';
import { ListMessages } from '#application/conversations/messages/list-messages.ts';
import { ReadMessage } from '#application/conversations/messages/read-message.ts';
import { ListThreads } from '#application/conversations/threads/list-threads.ts';
import { StartThread } from '#application/conversations/threads/start-thread.ts';
import { AuthenticateApiToken } from '#application/identity/api-tokens/authenticate-api-token.ts';
import type { Authentication } from '#application/identity/authentication.ts';
import { AuthenticateSession } from '#application/identity/sessions/authenticate-session.ts';
import { ReadMe } from '#application/identity/sessions/read-me.ts';
import { SignIn } from '#application/identity/sessions/sign-in.ts';
import { SignOut } from '#application/identity/sessions/sign-out.ts';
import type { Config } from '../config/config.ts';
import { paths } from '../config/paths.ts';
import { logRequest } from '../observability/logging.ts';
import { administrationRoutesOf } from '../wiring/administration-routes.ts';
import { credentialRoutesOf } from '../wiring/credentials-routes.ts';
import { gamesRoutesOf } from '../wiring/games-routes.ts';
import { libraryRoutesOf } from '../wiring/library-routes.ts';
import { oauthRoutesOf } from '../wiring/oauth-routes.ts';
import { tokens } from '../wiring/tokens.ts';
import { auditForbidden } from './audit-forbidden.ts';

export type HttpOptions = Readonly<{
  version: string;
  checkResponses: boolean;
  readiness: () => Promise<Readiness>;
  holdsLock: () => boolean;
  closing: AbortSignal;
}>;

export function createHttp(container: Container, config: Config, logger: Logger, options: HttpOptions) {
  const routes = routesOf(container, config.MESSAGE_MAX_CHARS);
  const publicUrl = config.PUBLIC_URL === undefined ? null : new URL(config.PUBLIC_URL);
  return createApp({
    routes,
    authenticate: identifying(container),
    limits: limitsOf(container, config),
    idempotency: new Idempotency({
      reads: container.get(tokens.reads),
      unitOfWork: container.get(tokens.unitOfWork),
      clock: container.get(tokens.clock),
    }),
    publicUrl,
    corsOrigins: new Set(config.CORS_ORIGINS),
    newRequestId: randomUUID,
    record: logRequest(logger),
    refused: auditForbidden(container),
    checkResponses: options.checkResponses,
    holdsLock: options.holdsLock,
    closing: options.closing,
    trustProxy: config.TRUST_PROXY ?? false,
    outside: [
      health(options.readiness),
      pages({
        webRoot: paths.page,
        openApi: () => openApiOf(routes, options.version, BASE_PATH),
        refusals: documentedRefusals,
        secure: publicUrl?.protocol === 'https:',
      }),
    ],
  });
}

/** Who sent a request: by its token where it has one, else by its session. */
function identifying(container: Container): (client: Client) => Promise<Authentication | null> {
  const [bySession, byToken] = [container.get(AuthenticateSession), container.get(AuthenticateApiToken)];
  return async ({ ip, requestId, sessionSecret, bearer }) => {
    if (bearer !== null) return byToken.execute(bearer, { ip, requestId });
    return sessionSecret === null ? null : bySession.execute(sessionSecret, { ip, requestId });
  };
}

function limitsOf(container: Container, config: Config): RequestRateLimits {
  return new RequestRateLimits({
    limiter: container.get(tokens.rateLimiter),
    clock: container.get(tokens.clock),
    quotas: { anonymous: config.RATE_LIMIT_ANONYMOUS_PER_MINUTE, actor: config.RATE_LIMIT_ACTOR_PER_MINUTE },
  });
}

/** Every route of the API, in the order of its documents. */
export function routesOf(container: Container, messageMaxChars: number): readonly Route[] {
  const settings = container.get(tokens.contextSettings);
  return [
    ...signingInRoutes({
      signIn: container.get(SignIn),
      signOut: container.get(SignOut),
      readMe: container.get(ReadMe),
    }),
    ...threadRoutes({ startThread: container.get(StartThread), listThreads: container.get(ListThreads) }, settings),
    ...messageRoutes(
      {
        appendMessage: container.get(AppendMessage),
        listMessages: container.get(ListMessages),
        readMessage: container.get(ReadMessage),
        readUsage: container.get(ReadUsage),
      },
      { messageMaxChars },
    ),
    ...contextRoutes(
      {
        readWindow: container.get(ReadWindow),
        readUsage: container.get(ReadUsage),
        compactContext: container.get(CompactContext),
        listContextEvents: container.get(ListContextEvents),
      },
      settings,
    ),
    ...gamesRoutesOf(container),
    ...libraryRoutesOf(container),
    ...oauthRoutesOf(container),
    ...credentialRoutesOf(container),
    ...administrationRoutesOf(container),
  ];
}
