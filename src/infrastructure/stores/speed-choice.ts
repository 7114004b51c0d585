/** Which technology each store of the speed layer has, by configuration. */
import type { Config } from '../config/config.ts';
import { databaseOf } from '../config/database-setting.ts';

type SpeedKind = 'redis' | 'embedded' | 'memory';

/** The setting of each store, under the name by which operators see it. */
const SETTINGS = {
  sessions: 'SESSION_STORE',
  cache: 'CACHE_STORE',
  rate_limits: 'RATE_LIMIT_STORE',
  sign_in_delays: 'RATE_LIMIT_STORE',
  contexts: 'CONTEXT_STORE',
  events: 'EVENT_BUS',
} as const satisfies Readonly<Record<string, keyof Config>>;

type Chosen = keyof typeof SETTINGS;

export type SpeedLayerChoice = Readonly<{
  kinds: Readonly<Record<Chosen, SpeedKind>>;
  /** Whether several servers can share the speed layer. If not, the record stores are locked for one server. */
  shared: boolean;
}>;

/**
 * A store is in Redis where there is one, unless its setting says otherwise; else in memory where the records are, and
 * embedded where they are not. `hasRedis` is false where none is configured, or the configured one is not used.
 */
export function chooseSpeedLayer(config: Config, hasRedis: boolean): SpeedLayerChoice {
  const database = databaseOf(config).kind;
  const inProcess = database === 'memory' ? 'memory' : 'embedded';
  const kindOf = (setting: (typeof SETTINGS)[Chosen]): SpeedKind => {
    const wanted = config[setting] ?? (config.REDIS_URL === undefined ? inProcess : 'redis');
    return wanted === 'redis' && !hasRedis ? inProcess : wanted;
  };
  const entries = Object.entries(SETTINGS).map(([name, setting]) => [name, kindOf(setting)] as const);
  return {
    kinds: Object.fromEntries(entries) as Record<Chosen, SpeedKind>,
    shared: database === 'postgres' && entries.every(([, kind]) => kind === 'redis'),
  };
}

/** Whether any store is to be in Redis. */
export function wantsRedis(config: Config): boolean {
  return Object.values(chooseSpeedLayer(config, true).kinds).includes('redis');
}
