/** Joins the routes with their use cases to the HTTP application. */
import { randomUUID } from 'node:crypto';
import type { Container } from 'inversify';
import type { Logger } from 'pino';
import { BASE_PATH, createApp } from '#adapters/http/app.ts';
import { contextRoutes } from '#adapters/http/context.routes.ts';
import { conversationRoutes } from '#adapters/http/conversations.routes.ts';
import { documentedRefusals } from '#adapters/http/documented-refusals.ts';
import { health, type Readiness } from '#adapters/http/health.ts';
import { Idempotency } from '#adapters/http/idempotency.ts';
import { identityRoutes } from '#adapters/http/identity.routes.ts';
import { RequestLimits } from '#adapters/http/limits.ts';
import { openApiOf } from '#adapters/http/openapi.ts';
import { pages } from '#adapters/http/pages.ts';
import type { Client, Route } from '#adapters/http/route.ts';
import { AppendMessage } from '#application/conversations/append-message.ts';
import { CompactContext } from '#application/conversations/compact-context.ts';
import { ListContextEvents } from '#application/conversations/list-context-events.ts';
import { ListMessages } from '#application/conversations/list-messages.ts';
import { ListThreads } from '#application/conversations/list-threads.ts';
import { ReadMessage } from '#application/conversations/read-message.ts';
import { ReadUsage } from '#application/conversations/read-usage.ts';
import { ReadWindow } from '#application/conversations/read-window.ts';
import { StartThread } from '#application/conversations/start-thread.ts';
import { CreateUser } from '#application/identity/create-user.ts';
import type { Identified } from '#application/identity/identified.ts';
import { Identify } from '#application/identity/identify.ts';
import { IdentifyToken } from '#application/identity/identify-token.ts';
import { ReadMe } from '#application/identity/read-me.ts';
import { SignIn } from '#application/identity/sign-in.ts';
import { SignOut } from '#application/identity/sign-out.ts';
import { auditingRefusals } from './audited-refusals.ts';
import type { Config } from './config.ts';
import { logRequest } from './logging.ts';
import { paths } from './paths.ts';
import { administrationRoutesOf } from './routes/administration.ts';
import { credentialRoutesOf } from './routes/credentials.ts';
import { gamesRoutesOf } from './routes/games.ts';
import { libraryRoutesOf } from './routes/library.ts';
import { oauthRoutesOf } from './routes/oauth.ts';
import { tokens } from './tokens.ts';

export type HttpOptions = Readonly<{
  version: string;
  checkResponses: boolean;
  readiness: () => Promise<Readiness>;
  recordsAreOurs: () => boolean;
}>;

export function createHttp(container: Container, config: Config, logger: Logger, options: HttpOptions) {
  const routes = routesOf(container, config.MESSAGE_MAX_CHARS);
  const publicUrl = config.PUBLIC_URL === undefined ? null : new URL(config.PUBLIC_URL);
  return createApp({
    routes,
    identify: identifying(container),
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
    refused: auditingRefusals(container),
    checkResponses: options.checkResponses,
    recordsAreOurs: options.recordsAreOurs,
    trustProxy: config.TRUST_PROXY ?? false,
    outside: [
      health(options.readiness),
      pages({
        webRoot: paths.web,
        openApi: () => openApiOf(routes, options.version, BASE_PATH),
        refusals: documentedRefusals,
        secure: publicUrl?.protocol === 'https:',
      }),
    ],
  });
}

/** Who sent a request: by its token where it has one, else by its session. */
function identifying(container: Container): (client: Client) => Promise<Identified | null> {
  const [bySession, byToken] = [container.get(Identify), container.get(IdentifyToken)];
  return async ({ ip, requestId, sessionSecret, bearer }) => {
    if (bearer !== null) return byToken.execute(bearer, { ip, requestId });
    return sessionSecret === null ? null : bySession.execute(sessionSecret, { ip, requestId });
  };
}

function limitsOf(container: Container, config: Config): RequestLimits {
  return new RequestLimits({
    limiter: container.get(tokens.rateLimiter),
    clock: container.get(tokens.clock),
    quotas: { anonymous: config.RATE_LIMIT_ANONYMOUS_PER_MINUTE, actor: config.RATE_LIMIT_ACTOR_PER_MINUTE },
  });
}

/** Every route of the API; those that are called most come first, because express looks through them in order. */
export function routesOf(container: Container, messageMaxChars: number): readonly Route[] {
  const settings = container.get(tokens.contextSettings);
  return [
    ...identityRoutes({
      signIn: container.get(SignIn),
      signOut: container.get(SignOut),
      readMe: container.get(ReadMe),
      createUser: container.get(CreateUser),
    }),
    ...conversationRoutes(
      {
        startThread: container.get(StartThread),
        listThreads: container.get(ListThreads),
        appendMessage: container.get(AppendMessage),
        listMessages: container.get(ListMessages),
        readMessage: container.get(ReadMessage),
        readUsage: container.get(ReadUsage),
      },
      { messageMaxChars, settings },
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
