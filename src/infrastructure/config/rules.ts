/** The rules between settings, each with the setting that the operator should change. */

/** What the rules look at. */
type RuledSettings = Readonly<{
  NODE_ENV: string;
  HOST: string;
  PUBLIC_URL?: string | undefined;
  TRUST_PROXY?: number | string | undefined;
  DATABASE_URL?: string | undefined;
  REDIS_URL?: string | undefined;
  REDIS_SENTINELS: readonly string[];
  SESSION_STORE?: string | undefined;
  CACHE_STORE?: string | undefined;
  RATE_LIMIT_STORE?: string | undefined;
  CONTEXT_STORE?: string | undefined;
  EVENT_BUS?: string | undefined;
  ADMIN_PASSWORD?: string | undefined;
  REGISTRATION: string;
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: number;
  SESSION_TTL_SECONDS: number;
  SESSION_MAX_SECONDS: number;
  SESSION_TOUCH_SECONDS: number;
  BCRYPT_COST: number;
  FERNET_KEYS?: readonly string[] | undefined;
  FERNET_KEY?: string | undefined;
  COMPACT_TRIGGER_PCT: number;
  COMPACT_TARGET_PCT: number;
  LLM_BASE_URL?: string | undefined;
  LLM_MODEL?: string | undefined;
  LLM_API_KEY?: string | undefined;
  LLM_REFINE: string;
  EMBED_BASE_URL?: string | undefined;
  EMBED_MODEL?: string | undefined;
  EMBED_API_KEY?: string | undefined;
}>;

type Name = keyof RuledSettings;

export type Rule = Readonly<{
  /** The setting that the message is about. */
  about: Name;
  message: string;
  /** Whether it is asked in production alone. */
  inProduction?: true;
  /** What else it looks at; a rule is asked only where all of it is valid. */
  with?: readonly Name[];
  broken(config: RuledSettings): boolean;
}>;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;
const PLACEHOLDER = /change[-_ ]?me/i;
export const PLACEHOLDER_MESSAGE = 'is a placeholder; set a secret of your own in production';
const WEAK_KEY_MESSAGE = 'is no random key; make one as .env.example says';

/** Whether a secret still is what an example says. */
export function isPlaceholder(secret: string | undefined): boolean {
  return secret !== undefined && PLACEHOLDER.test(decoded(secret));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const SPEED_STORES = ['SESSION_STORE', 'CACHE_STORE', 'RATE_LIMIT_STORE', 'CONTEXT_STORE', 'EVENT_BUS'] as const;

export const rules: readonly Rule[] = [
  ...SPEED_STORES.map(
    (about): Rule => ({
      about,
      message: 'is redis, which needs REDIS_URL',
      with: ['REDIS_URL'],
      broken: (config) => config[about] === 'redis' && config.REDIS_URL === undefined,
    }),
  ),
  {
    about: 'REDIS_SENTINELS',
    message: 'needs a REDIS_URL whose host is the name of the master',
    with: ['REDIS_URL'],
    broken: ({ REDIS_SENTINELS, REDIS_URL }) => REDIS_SENTINELS.length > 0 && !/^rediss?:/.test(REDIS_URL ?? ''),
  },
  {
    about: 'REDIS_URL',
    message: `its password ${PLACEHOLDER_MESSAGE}`,
    inProduction: true,
    broken: (config) => isPlaceholder(config.REDIS_URL?.match(/^\w+:\/\/[^@/]*:([^@/]*)@/)?.[1]),
  },
  {
    about: 'COMPACT_TARGET_PCT',
    message: 'must be below COMPACT_TRIGGER_PCT',
    with: ['COMPACT_TRIGGER_PCT'],
    broken: (config) => config.COMPACT_TARGET_PCT >= config.COMPACT_TRIGGER_PCT,
  },
  {
    about: 'LLM_MODEL',
    message: 'must be set where LLM_BASE_URL is',
    with: ['LLM_BASE_URL'],
    broken: (config) => config.LLM_BASE_URL !== undefined && config.LLM_MODEL === undefined,
  },
  {
    about: 'LLM_REFINE',
    message: 'is on, which needs LLM_BASE_URL',
    with: ['LLM_BASE_URL'],
    broken: (config) => config.LLM_REFINE === 'on' && config.LLM_BASE_URL === undefined,
  },
  {
    about: 'LLM_API_KEY',
    message: PLACEHOLDER_MESSAGE,
    inProduction: true,
    broken: (config) => isPlaceholder(config.LLM_API_KEY),
  },
  {
    about: 'EMBED_MODEL',
    message: 'must be set where EMBED_BASE_URL is',
    with: ['EMBED_BASE_URL'],
    broken: (config) => config.EMBED_BASE_URL !== undefined && config.EMBED_MODEL === undefined,
  },
  {
    about: 'EMBED_API_KEY',
    message: PLACEHOLDER_MESSAGE,
    inProduction: true,
    broken: (config) => isPlaceholder(config.EMBED_API_KEY),
  },
  {
    about: 'SESSION_TOUCH_SECONDS',
    message: 'must be below SESSION_TTL_SECONDS, or sessions end while they are used',
    with: ['SESSION_TTL_SECONDS'],
    broken: (config) => config.SESSION_TOUCH_SECONDS >= config.SESSION_TTL_SECONDS,
  },
  {
    about: 'SESSION_TTL_SECONDS',
    message: 'must be at most SESSION_MAX_SECONDS',
    with: ['SESSION_MAX_SECONDS'],
    broken: (config) => config.SESSION_TTL_SECONDS > config.SESSION_MAX_SECONDS,
  },
  {
    about: 'BCRYPT_COST',
    message: 'must be at least 10 in production',
    inProduction: true,
    broken: (config) => config.BCRYPT_COST < 10,
  },
  {
    about: 'REGISTRATION',
    message: 'must be closed in production without RATE_LIMIT_ANONYMOUS_PER_MINUTE',
    inProduction: true,
    with: ['RATE_LIMIT_ANONYMOUS_PER_MINUTE'],
    broken: (config) => config.REGISTRATION === 'open' && config.RATE_LIMIT_ANONYMOUS_PER_MINUTE === 0,
  },
  {
    about: 'PUBLIC_URL',
    message: 'must be set in production: links would lead wherever the Host header of a request says',
    inProduction: true,
    broken: (config) => config.PUBLIC_URL === undefined,
  },
  {
    about: 'HOST',
    message: 'beyond this machine, production needs an https PUBLIC_URL, or TRUST_PROXY where a proxy is in front',
    inProduction: true,
    with: ['PUBLIC_URL', 'TRUST_PROXY'],
    broken: (config) => !LOOPBACK.test(config.HOST) && !isHttps(config.PUBLIC_URL) && !config.TRUST_PROXY,
  },
  {
    about: 'ADMIN_PASSWORD',
    message: PLACEHOLDER_MESSAGE,
    inProduction: true,
    broken: (config) => isPlaceholder(config.ADMIN_PASSWORD),
  },
  {
    about: 'DATABASE_URL',
    message: `its password ${PLACEHOLDER_MESSAGE}`,
    inProduction: true,
    broken: (config) => isPlaceholder(URL.parse(config.DATABASE_URL ?? '')?.password),
  },
  {
    about: 'FERNET_KEYS',
    message: WEAK_KEY_MESSAGE,
    inProduction: true,
    broken: (config) => config.FERNET_KEYS?.some(isWeakKey) === true,
  },
  {
    about: 'FERNET_KEY',
    message: WEAK_KEY_MESSAGE,
    inProduction: true,
    broken: (config) => config.FERNET_KEY !== undefined && isWeakKey(config.FERNET_KEY),
  },
];

/** A key that somebody wrote down to fill the place. */
function isWeakKey(key: string): boolean {
  return new Set(Buffer.from(key, 'base64url')).size === 1;
}

function isHttps(address: string | undefined): boolean {
  return address?.startsWith('https:') === true;
}
