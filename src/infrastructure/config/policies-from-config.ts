/** Converts the configuration to the types of the domain and the adapters: context policy, session limits and keys. */
import { hkdfSync, randomBytes } from 'node:crypto';
import { OpenAiCompatibleEmbedder } from '#adapters/language-model/openai-compatible-embedder.ts';
import { OpenAiCompatibleModel } from '#adapters/language-model/openai-compatible-model.ts';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import { type FernetKey, parseFernetKey } from '#adapters/security/fernet.ts';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import type { LanguageModel } from '#application/conversations/language-model.ts';
import type { Embedder } from '#application/retrieval/embedding/embedder.ts';
import type { FollowLimits } from '#application/shared/live-slots.ts';
import type { SessionLimits } from '#domain/identity/session.ts';
import type { Config } from './config.ts';
import { maxConnections } from './descriptors.ts';

/** Returns the context settings. Loads the vocabulary of the configured estimator, if it has one. */
export async function contextSettings(config: Config): Promise<ContextSettings> {
  return {
    estimator: await loadEstimator(config.TOKEN_ESTIMATOR),
    policy: {
      maxTokens: config.CTX_MAX_TOKENS,
      maxEntries: config.MAX_MESSAGES,
      triggerPct: config.COMPACT_TRIGGER_PCT,
      targetPct: config.COMPACT_TARGET_PCT,
      automatic: config.COMPACTION === 'on',
      strategies: config.COMPACT_STRATEGIES,
      keepTail: config.COMPACT_KEEP_TAIL,
      windowTurns: config.COMPACT_WINDOW_TURNS,
      artifactMinChars: config.ARTIFACT_MIN_CHARS,
    },
  };
}

/** Returns the configured language model; null where there is none. */
export function languageModel(config: Config): LanguageModel | null {
  const { LLM_BASE_URL: baseUrl, LLM_MODEL: model, LLM_API_KEY: apiKey = null, LLM_TIMEOUT_MS: timeoutMs } = config;
  if (baseUrl === undefined || model === undefined) return null;
  return new OpenAiCompatibleModel({ baseUrl, model, apiKey, timeoutMs });
}

export function embedder(config: Config): Embedder | null {
  const { EMBED_BASE_URL: baseUrl, EMBED_MODEL: model, EMBED_API_KEY: apiKey = null } = config;
  return baseUrl === undefined || model === undefined ? null : new OpenAiCompatibleEmbedder({ baseUrl, model, apiKey });
}

export function sessionLimits(config: Config): SessionLimits {
  return {
    idleMs: config.SESSION_TTL_SECONDS * 1_000,
    absoluteMs: config.SESSION_MAX_SECONDS * 1_000,
    touchMs: config.SESSION_TOUCH_SECONDS * 1_000,
    perUser: config.SESSIONS_PER_USER,
  };
}

/** How long after a provider's grant was tried it is due again, in milliseconds; 0: never. */
export function recheckMs({ OAUTH_RECHECK_HOURS }: Config): number {
  return OAUTH_RECHECK_HOURS * 3_600_000;
}

/** Whether the grants of providers are kept: only to be tried again, and never in the clear. */
export function keepsGrants(config: Config): boolean {
  return recheckMs(config) > 0 && fernetKeys(config).length > 0;
}

/** Returns the cipher's keys without duplicates: `FERNET_KEYS` in their order, then `FERNET_KEY`. */
export function fernetKeys({ FERNET_KEYS = [], FERNET_KEY }: Config): readonly FernetKey[] {
  const texts = new Set(FERNET_KEY === undefined ? FERNET_KEYS : [...FERNET_KEYS, FERNET_KEY]);
  return [...texts].map(parseFernetKey).filter((key) => key !== undefined);
}

/** Half of the connections of this process: the other half is for what followers, and others, ask for. */
export function followLimits({ LIVE_STREAMS_PER_USER: perUser }: Config): FollowLimits {
  return { perUser, perProcess: Math.floor(maxConnections() / 2) };
}

/**
 * Returns the key that encrypts the state of sign-ins at providers, which travels in a cookie; see `derivedKeys`.
 * Without a Fernet key, a restart ends the sign-ins in progress.
 */
export function flowKey(config: Config): FernetKey {
  const [bytes] = derivedKeys(config, 'tavernkeep oauth flow');
  return { signing: bytes.subarray(0, 16), encryption: bytes.subarray(16) };
}

/**
 * Returns the key of the digests of logins in the audit log; see `derivedKeys`. Digests under another key cannot be
 * compared, so without a Fernet key a login has another digest after a restart.
 */
export function loginDigestKey(config: Config): Buffer {
  const [key] = derivedKeys(config, 'tavernkeep login digest');
  return key;
}

/**
 * Returns the keys of the digests of bodies that were sent with an `Idempotency-Key`; see `derivedKeys`. Without a
 * Fernet key, the same body is another one after a restart.
 */
export function bodyKeys(config: Config): readonly [Buffer, ...Buffer[]] {
  return derivedKeys(config, 'tavernkeep request bodies');
}

/**
 * Returns 32 bytes for one purpose, derived from each Fernet key in their order (HKDF, RFC 5869), so that every process
 * and restart has the same ones. Without a Fernet key they are random.
 */
function derivedKeys(config: Config, purpose: string): readonly [Buffer, ...Buffer[]] {
  const derived = (secret: Buffer) => Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
  const [first, ...others] = fernetKeys(config).map(({ signing, encryption }) => Buffer.concat([signing, encryption]));
  return [derived(first ?? randomBytes(32)), ...others.map(derived)];
}
