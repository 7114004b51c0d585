/** Binds what depends on the configuration and the machine only: clock, ids, secrets, ciphers, providers and limits. */
import { type Bind, ContainerModule } from 'inversify';
import { OpenIdProviders } from '#adapters/oauth/providers.ts';
import { RandomApiTokenSecrets } from '#adapters/security/api-token-secrets.ts';
import { PackagedCommonPasswords } from '#adapters/security/common-passwords.ts';
import { FernetCipher } from '#adapters/security/fernet-cipher.ts';
import { HmacDigests } from '#adapters/security/hmac-digests.ts';
import { BcryptPasswordHasher } from '#adapters/security/password-hasher.ts';
import { RandomSecrets } from '#adapters/security/secrets.ts';
import { SystemClock } from '#adapters/system/clock.ts';
import { UuidIds } from '#adapters/system/ids.ts';
import { PageFetcher } from '#adapters/web-pages/page-fetcher.ts';
import type { EmbedLog } from '#application/retrieval/embedding/embedder.ts';
import { embeddingJob } from '#application/retrieval/embedding/embedding-job.ts';
import { Embeddings } from '#application/retrieval/embedding/embeddings.ts';
import type { Clock } from '#application/shared/clock.ts';
import { LiveSlots } from '#application/shared/live-slots.ts';
import type { Config } from '../config/config.ts';
import {
  embedder,
  fernetKeys,
  flowKey,
  followLimits,
  keepsGrants,
  languageModel,
  loginDigestKey,
  recheckMs,
  sessionLimits,
} from '../config/policies-from-config.ts';
import { tokens } from './tokens.ts';
import { wire } from './wire.ts';

/** The time limit for one request to an OpenID Connect provider. */
const PROVIDER_TIMEOUT_MS = 4_000;

/** Returns the module that every container needs. Nothing in it opens a file or a connection. */
export function systemModule(config: Config): ContainerModule {
  const clock = new SystemClock();
  const offline = keepsGrants(config);
  const providers = { settings: config.OAUTH_PROVIDERS, timeoutMs: PROVIDER_TIMEOUT_MS, offline, clock };
  return new ContainerModule(({ bind }) => {
    bind(tokens.clock).toConstantValue(clock);
    bind(tokens.ids).toConstantValue(new UuidIds());
    bind(tokens.random).toConstantValue(Math.random);
    bind(tokens.secrets).toConstantValue(new RandomSecrets());
    bind(tokens.loginDigests).toConstantValue(new HmacDigests(loginDigestKey(config)));
    bind(tokens.tokenSecrets).toConstantValue(new RandomApiTokenSecrets());
    bind(tokens.hasher).toConstantValue(new BcryptPasswordHasher({ cost: config.BCRYPT_COST }));
    bind(tokens.commonPasswords).toConstantValue(new PackagedCommonPasswords());
    bind(tokens.cipher).toConstantValue(new FernetCipher({ keys: fernetKeys(config), clock }));
    bind(tokens.flowCipher).toConstantValue(new FernetCipher({ keys: [flowKey(config)], clock }));
    bind(tokens.oauthProviders).toConstantValue(new OpenIdProviders(providers));
    bind(tokens.languageModel).toConstantValue(languageModel(config));
    bindEmbeddings(bind, config);
    bind(tokens.workspaceMode).toConstantValue(config.WORKSPACES);
    bind(tokens.registration).toConstantValue(config.REGISTRATION);
    bind(tokens.recheckMs).toConstantValue(recheckMs(config));
    bind(tokens.followLimits)
      .toDynamicValue(() => followLimits(config))
      .inSingletonScope();
    wire(bind, LiveSlots, { limits: tokens.followLimits });
    bind(tokens.webPages).toConstantValue(new PageFetcher());
    bind(tokens.urlIngest).toConstantValue(config.URL_INGEST === 'on');
    bind(tokens.threadsPerUser).toConstantValue(config.THREADS_PER_USER);
    bind(tokens.sessionLimits).toConstantValue(sessionLimits(config));
  });
}

/** What is told of it goes to a log that a command has none of, so it is made when it is first asked for. */
function bindEmbeddings(bind: Bind, config: Config): void {
  const configured = embedder(config);
  const timeoutMs = config.EMBED_TIMEOUT_MS;
  bind(tokens.jobAfterReading).toConstantValue(configured === null ? null : embeddingJob);
  bind(tokens.fusion).toConstantValue(config.RETRIEVAL_FUSION);
  bind(tokens.embeddings)
    .toResolvedValue(
      (log: EmbedLog, clock: Clock) =>
        configured === null ? null : new Embeddings({ embedder: configured, log, clock, timeoutMs }),
      [tokens.embedLog, tokens.clock],
    )
    .inSingletonScope();
}
