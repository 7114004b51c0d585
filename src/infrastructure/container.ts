/** The container: which class answers which port, as configured. Only start.ts and cli.ts ask it, through tavernkeep.ts. */
import { Container, ContainerModule } from 'inversify';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { EmbeddedRateLimiter } from '#adapters/embedded/rate-limiter.ts';
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import { OpenIdProviders } from '#adapters/oauth/providers.ts';
import { RandomApiTokenSecrets } from '#adapters/security/api-token-secrets.ts';
import { PackagedCommonPasswords } from '#adapters/security/common-passwords.ts';
import { FernetCipher } from '#adapters/security/fernet-cipher.ts';
import { BcryptPasswordHasher } from '#adapters/security/password-hasher.ts';
import { RandomSecrets } from '#adapters/security/secrets.ts';
import { SystemClock } from '#adapters/system/clock.ts';
import { UuidIds } from '#adapters/system/ids.ts';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import type { Compactor } from '#application/conversations/ports.ts';
import { rightsInvalidations } from '#application/identity/cached-rights.ts';
import type { Sessions, TokenUseLog } from '#application/identity/ports.ts';
import type { ReadThroughCache } from '#application/shared/cache.ts';
import type { Clock } from '#application/shared/clock.ts';
import { InvalidatingUnitOfWork } from '#application/shared/invalidating-unit-of-work.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Config } from './config/config.ts';
import { fernetKeys, flowKey, sessionLimits, sessionStoreOf } from './config/policies-from-config.ts';
import type { Records } from './stores/records.ts';
import { administrationModule } from './wiring/administration.ts';
import { auditModule } from './wiring/audit.ts';
import { conversationsModule } from './wiring/conversations.ts';
import { credentialsModule } from './wiring/credentials.ts';
import { gamesModule } from './wiring/games.ts';
import { identityModule } from './wiring/identity.ts';
import { libraryModule } from './wiring/library.ts';
import { oauthModule } from './wiring/oauth.ts';
import { type Repos, tokens } from './wiring/tokens.ts';

/** How long a provider may take to answer one request. */
const PROVIDER_TIMEOUT_MS = 4_000;

/** What was opened before anything is wired. */
export type Opened = Readonly<{
  records: Records;
  sessions: Sessions;
  tokenUses: TokenUseLog;
  compactor: Compactor;
  settings: ContextSettings;
}>;

export async function createContainer(config: Config, opened: Opened): Promise<Container> {
  const container = new Container();
  await container.load(
    openedModule(opened),
    adaptersModule(config, opened),
    systemModule(config),
    auditModule,
    identityModule,
    administrationModule,
    oauthModule,
    credentialsModule,
    gamesModule,
    libraryModule,
    conversationsModule,
  );
  return container;
}

function openedModule({ records, sessions, tokenUses, compactor, settings }: Opened): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(tokens.unitOfWork)
      .toResolvedValue((cache: ReadThroughCache) => invalidatingUnitOfWork(records, cache), [tokens.cache])
      .inSingletonScope();
    bind(tokens.reads).toConstantValue(records.reads);
    bind(tokens.users).toConstantValue(records.users);
    bind(tokens.roles).toConstantValue(records.roles);
    bind(tokens.passwordHashes).toConstantValue(records.passwordHashes);
    bind(tokens.memberships).toConstantValue(records.memberships);
    bind(tokens.threads).toConstantValue(records.threads);
    bind(tokens.conversations).toConstantValue(records.conversations);
    bind(tokens.sessions).toConstantValue(sessions);
    bind(tokens.tokenUses).toConstantValue(tokenUses);
    bind(tokens.compactor).toConstantValue(compactor);
    bind(tokens.contextSettings).toConstantValue(settings);
  });
}

/** The only unit of work that the use cases get. */
function invalidatingUnitOfWork({ unitOfWork }: Records, cache: ReadThroughCache): UnitOfWork<Repos> {
  return new InvalidatingUnitOfWork({ unitOfWork, cache, invalidations: rightsInvalidations });
}

/** What answers the ports, for the operator to read. */
function adaptersModule(config: Config, { records, settings }: Opened): ContainerModule {
  const adapters = {
    records: records.kind,
    sessions: sessionStoreOf(config),
    cache: 'embedded',
    rate_limits: 'embedded',
    token_estimator: settings.estimator.name,
  };
  return new ContainerModule(({ bind }) => {
    bind(tokens.adapters).toConstantValue(adapters);
  });
}

function systemModule(config: Config): ContainerModule {
  const clock = new SystemClock();
  return new ContainerModule(({ bind }) => {
    bind(tokens.clock).toConstantValue(clock);
    bind(tokens.ids).toConstantValue(new UuidIds());
    bind(tokens.hasher).toConstantValue(new BcryptPasswordHasher({ cost: config.BCRYPT_COST }));
    bind(tokens.secrets).toConstantValue(new RandomSecrets());
    bind(tokens.oauthProviders).toConstantValue(providersOf(config, clock));
    bind(tokens.flowCipher).toConstantValue(new FernetCipher({ keys: [flowKey(config)], clock }));
    bind(tokens.cipher).toConstantValue(new FernetCipher({ keys: fernetKeys(config), clock }));
    bind(tokens.commonPasswords).toConstantValue(new PackagedCommonPasswords());
    bind(tokens.tokenSecrets).toConstantValue(new RandomApiTokenSecrets());
    bind(tokens.signInDelays).toConstantValue(new EmbeddedSignInDelays());
    bind(tokens.registration).toConstantValue(config.REGISTRATION);
    bind(tokens.cache).toConstantValue(new EmbeddedCache({ clock }));
    bind(tokens.rateLimiter).toConstantValue(new EmbeddedRateLimiter());
    bind(tokens.sessionLimits).toConstantValue(sessionLimits(config));
  });
}

function providersOf(config: Config, clock: Clock): OpenIdProviders {
  return new OpenIdProviders({ settings: config.OAUTH_PROVIDERS, timeoutMs: PROVIDER_TIMEOUT_MS, clock });
}
