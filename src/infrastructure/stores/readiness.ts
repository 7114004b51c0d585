/** The readiness check: whether the stores answer, and this server holds their lock. */
import type { Readiness } from '#adapters/http/operations/health.ts';
import { ADMIN_ROLE } from '#domain/identity/permissions.ts';
import type { Records } from './records.ts';
import type { SpeedLayer } from './speed-layer.ts';

/** Checks both stores concurrently. Never throws: a store that fails is reported as `away`. */
export async function readinessOf(records: Records, speedLayer: SpeedLayer): Promise<Readiness> {
  const [database, speed] = await Promise.all([databaseState(records), speedLayerState(speedLayer)]);
  return { ready: database.ready && speed.ready, checks: { database: database.state, speed_layer: speed.state } };
}

type State = Readonly<{ ready: boolean; state: string }>;

const AWAY: State = { ready: false, state: 'away' };

async function databaseState(records: Records): Promise<State> {
  try {
    // Any cheap query that reaches the database will do.
    await records.roles.find(ADMIN_ROLE);
    return records.holdsLock()
      ? { ready: true, state: records.kind }
      : { ready: false, state: 'held by another server' };
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
