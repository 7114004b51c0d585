/** What the configuration says of contexts, sessions and keys, in the words of the domain and the adapters. */

import { hkdfSync, randomBytes } from 'node:crypto';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import { type FernetKey, parseFernetKey } from '#adapters/security/fernet.ts';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import type { SessionLimits } from '#domain/identity/session.ts';
import type { Config } from './config.ts';

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

export function sessionLimits(config: Config): SessionLimits {
  return {
    idleMs: config.SESSION_TTL_SECONDS * 1_000,
    absoluteMs: config.SESSION_MAX_SECONDS * 1_000,
    touchMs: config.SESSION_TOUCH_SECONDS * 1_000,
    perUser: config.SESSIONS_PER_USER,
  };
}

/** The keys of the cipher, in their order, each once. */
export function fernetKeys({ FERNET_KEYS = [], FERNET_KEY }: Config): readonly FernetKey[] {
  const texts = new Set(FERNET_KEY === undefined ? FERNET_KEYS : [...FERNET_KEYS, FERNET_KEY]);
  return [...texts].map(parseFernetKey).filter((key) => key !== undefined);
}

/**
 * The key under which sign-ins at providers are sealed while they are under way: made of the first key, so that every process has
 * it; without one it lives as long as the process.
 */
export function flowKey(config: Config): FernetKey {
  const [first] = fernetKeys(config);
  const secret = first === undefined ? randomBytes(32) : Buffer.concat([first.signing, first.encryption]);
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'tavernkeep oauth flow', 32));
  return { signing: bytes.subarray(0, 16), encryption: bytes.subarray(16) };
}
