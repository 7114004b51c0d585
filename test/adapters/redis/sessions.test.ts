/** Sessions and sign-in delays on Redis: races, what an index misses, and what happens without Redis. */
import { expect } from 'chai';
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisSessions } from '#adapters/redis/sessions.ts';
import { RedisSignInDelays } from '#adapters/redis/sign-in-delays.ts';
import { aSession, at, newId } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { rounds } from '../../support/reporting/rounds.ts';
import { OwnRedis, withOwnRedis } from '../../support/servers/own-redis.ts';

withOwnRedis('sessions and sign-in delays on Redis', () => {
  let redis: OwnRedis;
  let connections: RedisConnection[];

  beforeEach(async () => {
    redis = await OwnRedis.start();
    const address = { url: redis.url, sentinels: [] };
    connections = [await RedisConnection.open(address), await RedisConnection.open(address)];
  });
  afterEach(async () => {
    for (const connection of connections ?? []) connection.close();
    await redis?.remove();
  });

  const sessionsOf = (process: 0 | 1) => new RedisSessions({ redis: connections[process] as RedisConnection });

  it(`end exactly once while two processes begin, use and end them, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    const [one, other] = [sessionsOf(0), sessionsOf(1)];
    for (let round = 0; round < rounds(100); round += 1) {
      const user = newId('user');
      const own = Array.from({ length: 10 }, () => aSession(user));
      for (const session of own) await one.begin(session, 20);
      const uses = own.map((session) => other.touch({ ...session, lastSeenAt: at(5), idleEndAt: at(105) }));
      const [ended, endedThere] = await Promise.all([
        one.endByUser(user, at(1)),
        other.endByUser(user, at(1)),
        ...uses,
      ]);
      const ids = [...ended, ...endedThere].map(({ id }) => id);
      expect(ids.toSorted()).to.deep.equal(own.map(({ id }) => id).toSorted());
      for (const { digest } of own) expect(await other.find(digest, at(1))).to.equal(undefined);
      expect(await one.count(at(1))).to.equal(0);
    }
  });

  it('keep to the most that a user may have, whichever process they begin in', async () => {
    const user = newId('user');
    const begun = Array.from({ length: 20 }, (_, i) => sessionsOf(i % 2 === 0 ? 0 : 1).begin(aSession(user), 3));
    await Promise.all(begun);
    expect(await sessionsOf(0).listByUser(user, at(0))).to.have.length(3);
    expect(await sessionsOf(0).count(at(0))).to.equal(3);
  });

  it('are listed and counted again with their next use, where an index is lost', async () => {
    const session = aSession(newId('user'));
    await sessionsOf(0).begin(session, 20);
    await redis.ask('DEL', 'idx:sessions', `idx:user_sessions:${session.userId}`);
    await sessionsOf(0).touch({ ...session, lastSeenAt: at(5), idleEndAt: at(105) });
    expect(await sessionsOf(0).listByUser(session.userId, at(6))).to.have.length(1);
    expect(await sessionsOf(0).count(at(6))).to.equal(1);
  });

  it('are nobody, and no fault, where a part of one is lost', async () => {
    const session = aSession(newId('user'));
    await sessionsOf(0).begin(session, 20);
    await redis.ask('HDEL', `sess:${session.digest}`, 'absolute_end_at');
    expect(await sessionsOf(0).find(session.digest, at(0))).to.equal(undefined);
    expect(await sessionsOf(0).listByUser(session.userId, at(0))).to.deep.equal([]);
  });

  it('are used, move and end where Redis is full, in which none can begin', async () => {
    const session = aSession(newId('user'));
    await sessionsOf(0).begin(session, 20);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
    const used = { ...session, lastSeenAt: at(5), idleEndAt: at(105) };
    await sessionsOf(0).touch(used);
    await sessionsOf(0).endByUser(session.userId, at(0), { id: session.id, epoch: 9 });
    expect(await sessionsOf(0).find(session.digest, at(6))).to.deep.equal({ ...used, epoch: 9 });
    const refused = await failureOf(sessionsOf(0).begin(aSession(newId('user')), 20));
    expect(refused).to.include({ code: 'store_unavailable' });
    expect(await sessionsOf(0).endByUser(session.userId, at(0))).to.have.length(1);
    expect(await sessionsOf(0).find(session.digest, at(0))).to.equal(undefined);
  });

  it('are refused (503) while Redis is away, never said to be nobody', async () => {
    const session = aSession(newId('user'));
    await sessionsOf(0).begin(session, 20);
    await redis.kill();
    for (const call of [
      sessionsOf(0).find(session.digest, at(0)),
      sessionsOf(0).listByUser(session.userId, at(0)),
      sessionsOf(0).count(at(0)),
      sessionsOf(0).touch(session),
    ])
      expect(await failureOf(call)).to.include({ code: 'store_unavailable', kind: 'unavailable' });
  });

  it('still slow down guesses while Redis is away, and unlock nobody whom they cannot', async () => {
    const delays = new RedisSignInDelays({
      redis: connections[0] as RedisConnection,
      meanwhile: new EmbeddedSignInDelays(),
    });
    const vex = { account: 'vex', address: '192.0.2.1' };
    expect(await delays.attempt(vex, at(0))).to.equal(0);
    await redis.kill();
    const waits: number[] = [];
    for (let i = 0; i < 6; i += 1) waits.push(await delays.attempt(vex, at(0)));
    expect(waits).to.deep.equal([0, 0, 0, 0, 0, 1_000]);
    expect(await delays.waitMs(vex, at(0))).to.equal(1_000);
    expect(await failureOf(delays.unlock(['vex']))).to.include({ kind: 'unavailable' });
    await delays.succeeded(['vex'], '192.0.2.1');
    expect(await delays.attempt(vex, at(0))).to.equal(0);
  });
});
