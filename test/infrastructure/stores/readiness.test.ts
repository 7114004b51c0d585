/** Readiness by what is really in use: the database, its lock, and the speed layer. */
import { expect } from 'chai';
import { readinessOf } from '#infrastructure/stores/readiness.ts';
import type { Records } from '#infrastructure/stores/records.ts';
import type { SpeedLayer } from '#infrastructure/stores/speed-layer.ts';

const fails = () => Promise.reject(new Error('away'));

function records(hasOurSchema: () => Promise<boolean>, holdsLock = true): Records {
  return { kind: 'sqlite', hasOurSchema, holdsLock: () => holdsLock } as unknown as Records;
}

function speedLayer(check: () => Promise<void>, redis: string | null = null): SpeedLayer {
  return { kinds: { sessions: 'embedded' }, check, redisState: () => redis } as unknown as SpeedLayer;
}

describe('the readiness of the stores', () => {
  const [found, well] = [async () => true, async () => {}];

  it('names what answers the records and the sessions', async () => {
    const checks = { database: 'sqlite', speed_layer: 'embedded' };
    expect(await readinessOf(records(found), speedLayer(well))).to.deep.equal({ ready: true, checks });
  });

  it('tells how Redis is where there is one, and is not refused because it is away', async () => {
    for (const redis of ['redis', 'away', 'unused']) {
      const checks = { database: 'sqlite', speed_layer: 'embedded', redis };
      expect(await readinessOf(records(found), speedLayer(well, redis))).to.deep.equal({ ready: true, checks });
    }
  });

  it('is refused, and names the speed layer, where that does not answer', async () => {
    const checks = { database: 'sqlite', speed_layer: 'away' };
    expect(await readinessOf(records(found), speedLayer(fails))).to.deep.equal({ ready: false, checks });
  });

  it('is refused where the database does not answer, another server holds it, or another version has migrated it', async () => {
    const checks = { database: 'away', speed_layer: 'embedded' };
    expect(await readinessOf(records(fails), speedLayer(well))).to.deep.equal({ ready: false, checks });
    const held = { database: 'held by another server', speed_layer: 'embedded' };
    expect(await readinessOf(records(found, false), speedLayer(well))).to.deep.equal({ ready: false, checks: held });
    const other = { database: 'migrated by another version', speed_layer: 'embedded' };
    expect(
      await readinessOf(
        records(async () => false),
        speedLayer(well),
      ),
    ).to.deep.equal({ ready: false, checks: other });
  });
});
