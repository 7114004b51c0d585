/** The configuration: one schema for all settings, whose faults are reported together, by name and never by value. */
import { z } from 'zod';
import type { ProviderSettings } from '#adapters/oauth/provider-settings.ts';
import { parseFernetKey } from '#adapters/security/fernet.ts';
import { STRATEGY_NAMES } from '#domain/conversations/context-policy.ts';
import { ESTIMATOR_NAMES } from '#domain/conversations/usage.ts';
import { FUSIONS } from '#domain/retrieval/finding/fusion.ts';
import { isProviderSetting, readProviders } from './oauth-settings.ts';
import { isPlaceholder, PLACEHOLDER_MESSAGE, rules } from './rules.ts';
import { parseTrustProxy } from './trust-proxy.ts';
import { unknownNames } from './unknown-names.ts';

/** A whole number from `min` to `max`, both inclusive. */
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);

const strategies = z
  .string()
  .transform((names) => names.split(',').map((name) => name.trim()))
  .pipe(z.array(z.enum(STRATEGY_NAMES, `must be strategies out of ${STRATEGY_NAMES.join(', ')}`)).min(1))
  .refine((names) => new Set(names).size === names.length, 'must name each strategy once');

const FERNET_KEY_FORM = 'must be 32 bytes in URL-safe Base64';
const fernetKey = z.string().refine((key) => parseFernetKey(key) !== undefined, FERNET_KEY_FORM);
const fernetKeys = z
  .string()
  .transform((keys) => keys.split(',').map((key) => key.trim()))
  .refine((keys) => keys.every((key) => parseFernetKey(key) !== undefined), `each key ${FERNET_KEY_FORM}`);

const origins = z
  .string()
  .transform((list) => list.split(',').map((origin) => origin.trim()))
  .refine((list) => list.every(isOrigin), 'must be origins such as https://play.example, by commas');

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.parse(text)?.origin === text;
}

const proxies = z
  .string()
  .refine((value) => parseTrustProxy(value) !== undefined, 'must be a number of hops, or addresses, by commas')
  .transform((value) => parseTrustProxy(value) as number | string);

const DATABASE_URLS = 'must be sqlite:<path>, postgres://<user>:<password>@<host>:<port>/<database> or memory:';

const REDIS_URLS = 'must be redis://<user>:<password>@<host>:<port>/<number>, rediss://… (TLS) or unix://<path>';
const redisUrl = z
  .string()
  .regex(/^(rediss?:\/\/.+|unix:\/\/.*\/.+)$/, REDIS_URLS)
  .refine((url) => url.startsWith('unix:') || URL.canParse(url), REDIS_URLS);

const sentinels = z
  .string()
  .transform((list) => list.split(',').map((sentinel) => sentinel.trim()))
  .refine((list) => list.every(isHostAndPort), 'must be <host>:<port>, by commas');

function isHostAndPort(text: string): boolean {
  return /^[^\s/@?#]+$/.test(text) && URL.canParse(`redis://${text}`);
}

const BASE_URLS =
  'must be an http or https address without user, query and fragment, such as http://127.0.0.1:11434/v1';
const baseUrl = z.string().refine(isBaseUrl, BASE_URLS);

function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && !/[?#]/.test(text)
  );
}

/** Where a part of the speed layer is. */
const speedStore = z.enum(['redis', 'embedded', 'memory']).optional();

/** The type and default of each setting. `.env.example` describes them. */
export const settings = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: whole(0, 65_535).default(3000),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  CORS_ORIGINS: origins.default([]),
  TRUST_PROXY: proxies.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:.+|memory:|postgres(ql)?:\/\/.+)$/, DATABASE_URLS)
    .refine((url) => !url.startsWith('postgres') || URL.canParse(url), DATABASE_URLS)
    .optional(),
  APP_DB_PATH: z.string().min(1).default('./data/app.db'),
  SPEED_DB_PATH: z.string().min(1).default('./data/speed.db'),
  FILES_PATH: z.string().min(1).optional(),
  URL_INGEST: z.enum(['on', 'off']).default('off'),
  REDIS_URL: redisUrl.optional(),
  REDIS_SENTINELS: sentinels.default([]),
  SESSION_STORE: speedStore,
  CACHE_STORE: speedStore,
  RATE_LIMIT_STORE: speedStore,
  CONTEXT_STORE: speedStore,
  EVENT_BUS: speedStore,
  SQLITE_SYNCHRONOUS: z.enum(['full', 'normal']).default('full'),
  ADMIN_EMAIL: z.email('must be an e-mail address').default('admin@tavernkeep.local'),
  ADMIN_PASSWORD: z.string().optional(),
  REGISTRATION: z.enum(['closed', 'open']).default('closed'),
  WORKSPACES: z.enum(['single', 'multi']).default('single'),
  SESSION_TTL_SECONDS: whole(1, 31_536_000).default(2_592_000),
  SESSION_MAX_SECONDS: whole(1, 63_072_000).default(7_776_000),
  SESSION_TOUCH_SECONDS: whole(0, 86_400).default(60),
  SESSIONS_PER_USER: whole(1, 1_000).default(20),
  THREADS_PER_USER: whole(0, 1_000_000).default(1_000),
  LIVE_STREAMS_PER_USER: whole(0, 1_000_000).default(20),
  BCRYPT_COST: whole(4, 16).default(12),
  FERNET_KEYS: fernetKeys.optional(),
  FERNET_KEY: fernetKey.optional(),
  OAUTH_RECHECK_HOURS: whole(0, 8_760).default(24),
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: whole(0, 1_000_000).default(100),
  RATE_LIMIT_ACTOR_PER_MINUTE: whole(0, 1_000_000).default(1_200),
  CONTEXT_TTL_SECONDS: whole(1, 31_536_000).default(86_400),
  MAX_MESSAGES: whole(10, 1_000_000).default(2_000),
  CTX_MAX_TOKENS: whole(200, 10_000_000).default(16_000),
  COMPACTION: z.enum(['on', 'off']).default('on'),
  COMPACT_TRIGGER_PCT: whole(2, 100).default(80),
  COMPACT_TARGET_PCT: whole(1, 99).default(60),
  COMPACT_STRATEGIES: strategies.default([...STRATEGY_NAMES]),
  COMPACT_KEEP_TAIL: whole(0, 1_000).default(4),
  COMPACT_WINDOW_TURNS: whole(1, 1_000).default(10),
  ARTIFACT_MIN_CHARS: whole(100, 1_000_000).default(1_500),
  TOKEN_ESTIMATOR: z.enum(ESTIMATOR_NAMES).default('chars_div_4'),
  MESSAGE_MAX_CHARS: whole(1, 1_000_000).default(200_000),
  IMPORT_MAX_MIB: whole(1, 1_000_000).default(1_024),
  LLM_BASE_URL: baseUrl.optional(),
  LLM_MODEL: z.string().min(1).optional(),
  LLM_API_KEY: z.string().optional(),
  LLM_TIMEOUT_MS: whole(1, 300_000).default(60_000),
  LLM_REFINE: z.enum(['off', 'on']).default('off'),
  EMBED_BASE_URL: baseUrl.optional(),
  EMBED_MODEL: z.string().min(1).optional(),
  EMBED_API_KEY: z.string().optional(),
  EMBED_TIMEOUT_MS: whole(1, 300_000).default(60_000),
  RETRIEVAL_FUSION: z.enum(FUSIONS).default('minmax'),
};

type Parsed = z.output<z.ZodObject<typeof settings>>;

/** The configuration, frozen after it is read. */
export type Config = Readonly<Parsed & { OAUTH_PROVIDERS: readonly ProviderSettings[] }>;

/** Secret settings. Each can also be given as `<NAME>_FILE`, the path of a file that contains it. */
const SECRET_SETTINGS = [
  'ADMIN_PASSWORD',
  'DATABASE_URL',
  'REDIS_URL',
  'FERNET_KEYS',
  'FERNET_KEY',
  'LLM_API_KEY',
  'EMBED_API_KEY',
] as const;

/** All faults of a configuration, each with its setting's name. The message is for the operator. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    super(`The configuration has ${count}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads the configuration from environment variables. An empty variable counts as not set. `readFile` reads the files
 * of secret settings; `namesInFile` are those that `.env` has. Throws `ConfigError` with all faults.
 */
export function loadConfig(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
  namesInFile: readonly string[] = [],
): Config {
  const given: Record<string, string> = {};
  for (const name of Object.keys(settings)) {
    const value = environment[name];
    if (value !== undefined && value !== '') given[name] = value;
  }
  const oauth = readProviders(environment, readFile);
  const faults = [...readSecretFiles(environment, given, readFile), ...oauth.faults];
  const parsed = parse(given, faults);
  faults.push(...brokenRules(parsed), ...unknownNames(namesInFile.filter(isNoProviders), KNOWN_NAMES));
  if (parsed.NODE_ENV === 'production') faults.push(...oauth.providers.flatMap(placeholderOf));
  if (faults.length > 0) throw new ConfigError([...new Set(faults)]);
  return Object.freeze({ ...(parsed as Parsed), OAUTH_PROVIDERS: oauth.providers });
}

const KNOWN_NAMES = [...Object.keys(settings), ...SECRET_SETTINGS.map((name) => `${name}_FILE`)];

function isNoProviders(name: string): boolean {
  return !isProviderSetting(name);
}

/** The settings that are valid; the faults of the others are added to `faults`. */
function parse(given: Readonly<Record<string, string>>, faults: string[]): Partial<Parsed> {
  const parsed: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(settings)) {
    const result = type.safeParse(given[name]);
    if (result.success) parsed[name] = result.data;
    else faults.push(...result.error.issues.map(({ message }) => `${name}: ${message}`));
  }
  return parsed as Partial<Parsed>;
}

/** The faults of rules between settings, as far as what they look at is valid. */
function brokenRules(parsed: Partial<Parsed>): readonly string[] {
  const asked = rules.filter(
    (rule) =>
      (!rule.inProduction || parsed.NODE_ENV === 'production') &&
      [rule.about, ...(rule.with ?? [])].every((name) => name in parsed),
  );
  return asked.filter((rule) => rule.broken(parsed as Parsed)).map(({ about, message }) => `${about}: ${message}`);
}

function placeholderOf({ name, clientSecret }: ProviderSettings): readonly string[] {
  const setting = `OAUTH_${name.toUpperCase().replaceAll('-', '_')}_CLIENT_SECRET`;
  return isPlaceholder(clientSecret) ? [`${setting}: ${PLACEHOLDER_MESSAGE}`] : [];
}

/** Adds the secrets that are given as files, unless they are also given directly. Returns the faults. */
function readSecretFiles(
  environment: Readonly<Record<string, string | undefined>>,
  given: Record<string, string>,
  readFile: (path: string) => string,
): string[] {
  const faults: string[] = [];
  for (const name of SECRET_SETTINGS) {
    const path = environment[`${name}_FILE`];
    if (path === undefined || path === '' || given[name] !== undefined) continue;
    try {
      given[name] = readFile(path).trimEnd();
    } catch {
      faults.push(`${name}_FILE: the file cannot be read`);
    }
  }
  return faults;
}
