/** What every holder of leases promises. */
import { expect } from 'chai';
import { EmbeddedLeases } from '#adapters/embedded/leases.ts';
import { RedisLeases } from '#adapters/redis/leases.ts';
import type { Leases } from '#application/shared/leases.ts';
import { contract, type Openers, type Plan } from '../../support/backends/backends.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { openTemporaryRedis } from '../../support/servers/temporary-redis.ts';
import { until } from '../../support/until.ts';

const PLAN: Plan = {
  memory: { skip: 'the embedded ones need no file' },
  sqlite: { skip: 'leases live in the speed layer' },
  embedded: 'run',
  postgres: { skip: 'leases live in the speed layer' },
  redis: 'run',
};

/** `other` are those of another process, where there can be one. */
type Harness = Readonly<{ leases: Leases; other: Leases }>;

const openers: Openers<Harness> = {
  embedded: async () => {
    const leases = new EmbeddedLeases();
    return { harness: { leases, other: leases }, close: async () => {} };
  },
  redis: async () => {
    const { connection, close } = await openTemporaryRedis();
    const [leases, other] = [new RedisLeases({ redis: connection }), new RedisLeases({ redis: connection })];
    return { harness: { leases, other }, close };
  },
};

const TTL_MS = 60_000;
/** Short enough that a test can wait for a renewal. */
const RENEWED_TTL_MS = 3_000;

contract('Leases', PLAN, openers, (harness) => {
  it('lets one of many do the work, and answers nothing to the others', async () => {
    const gate = Promise.withResolvers<void>();
    let works = 0;
    const all = Array.from({ length: 20 }, (_, n) =>
      (n % 2 === 0 ? harness().leases : harness().other).run('a', TTL_MS, async () => {
        works += 1;
        await gate.promise;
        return 'done';
      }),
    );
    const settled = all.map((one) => one.then((answer) => answer === undefined));
    await Promise.race(settled);
    gate.resolve();
    expect((await Promise.all(all)).filter((answer) => answer !== undefined)).to.deep.equal(['done']);
    expect(works).to.equal(1);
  });

  it('is held by one until its end, in whichever process, and says who holds it', async () => {
    const { leases, other } = harness();
    const lease = await leases.hold('a', 'first', TTL_MS);
    expect(await other.hold('a', 'second', TTL_MS)).to.equal(undefined);
    expect(await other.run('a', TTL_MS, async () => 'work')).to.equal(undefined);
    expect([await other.findHolder('a'), await other.findHolder('b')]).to.deep.equal(['first', undefined]);
    await lease?.end();
    expect(await other.findHolder('a')).to.equal(undefined);
    expect(await other.hold('a', 'second', TTL_MS)).not.to.equal(undefined);
    await lease?.end();
    expect(await leases.findHolder('a'), 'not ended by who held it before').to.equal('second');
  });

  it('is ended by anybody who says whose it is, and then not held any more', async () => {
    const { leases, other } = harness();
    const lease = await leases.hold('a', 'first', RENEWED_TTL_MS);
    await other.end('a', 'second');
    expect(await leases.findHolder('a')).to.equal('first');
    expect(lease?.lost.aborted).to.equal(false);
    await other.end('a', 'first');
    expect(await leases.findHolder('a')).to.equal(undefined);
    await until(() => lease?.lost.aborted, 'the holder finds out');
  });

  it('is free again after the work, also where that failed, and apart from leases of other names', async () => {
    const { leases, other } = harness();
    const away = new Error('away');
    expect(await failureOf(leases.run('a', TTL_MS, () => Promise.reject(away)))).to.equal(away);
    const answer = await other.run('a', TTL_MS, () => leases.run('b', TTL_MS, async () => 'both'));
    expect(answer).to.equal('both');
    expect(await leases.run('a', TTL_MS, async () => 'again')).to.equal('again');
  });
});
