/** Readiness by what is really in use: the database, its lock, and the speed layer. */
import { expect } from 'chai';
import { readinessOf } from '#infrastructure/stores/readiness.ts';
import type { Records } from '#infrastructure/stores/records.ts';
import type { SpeedLayer } from '#infrastructure/stores/speed-layer.ts';

const fails = () => Promise.reject(new Error('away'));

function records(find: () => Promise<undefined>, holdsLock = true): Records {
  return { kind: 'sqlite', roles: { find }, holdsLock: () => holdsLock } as unknown as Records;
}

function speedLayer(check: () => Promise<void>): SpeedLayer {
  return { kinds: { sessions: 'embedded' }, check } as unknown as SpeedLayer;
}

describe('the readiness of the stores', () => {
  const [found, well] = [async () => undefined, async () => {}];

  it('names what answers the records and the sessions', async () => {
    const checks = { database: 'sqlite', speed_layer: 'embedded' };
    expect(await readinessOf(records(found), speedLayer(well))).to.deep.equal({ ready: true, checks });
  });

  it('is refused, and names the speed layer, where that does not answer', async () => {
    const checks = { database: 'sqlite', speed_layer: 'away' };
    expect(await readinessOf(records(found), speedLayer(fails))).to.deep.equal({ ready: false, checks });
  });

  it('is refused where the database does not answer, or another server holds it', async () => {
    const checks = { database: 'away', speed_layer: 'embedded' };
    expect(await readinessOf(records(fails), speedLayer(well))).to.deep.equal({ ready: false, checks });
    const held = { database: 'held by another server', speed_layer: 'embedded' };
    expect(await readinessOf(records(found, false), speedLayer(well))).to.deep.equal({ ready: false, checks: held });
  });
});
