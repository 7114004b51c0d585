/** The readiness check: whether the stores answer, as this server left them and under its lock. */
import type { Readiness } from '#adapters/http/operations/health.ts';
import type { Records } from './records.ts';
import type { SpeedLayer } from './speed-layer.ts';

/**
 * Checks both stores concurrently. Never throws: a store that fails is reported as `away`. Without Redis the server is
 * ready: it does what it can, and refuses the rest itself.
 */
export async function readinessOf(records: Records, speedLayer: SpeedLayer): Promise<Readiness> {
  const [database, speed] = await Promise.all([databaseState(records), speedLayerState(speedLayer)]);
  const redis = speedLayer.redisState();
  const checks = { database: database.state, speed_layer: speed.state, ...(redis !== null && { redis }) };
  return { ready: database.ready && speed.ready, checks };
}

type State = Readonly<{ ready: boolean; state: string }>;

const AWAY: State = { ready: false, state: 'away' };

async function databaseState(records: Records): Promise<State> {
  try {
    const hasOurSchema = await records.hasOurSchema();
    if (!records.holdsLock()) return { ready: false, state: 'held by another server' };
    if (!hasOurSchema) return { ready: false, state: 'migrated by another version' };
    return { ready: true, state: records.kind };
  } catch {
    return AWAY;
  }
}

async function speedLayerState({ kinds, check }: SpeedLayer): Promise<State> {
  try {
    await check();
    return { ready: true, state: kinds.sessions };
  } catch {
    return AWAY;
  }
}
