/** What every store of sessions promises. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { EmbeddedSessions } from '#adapters/embedded/sessions.ts';
import { SpeedFile } from '#adapters/embedded/speed-file.ts';
import { RedisSessions } from '#adapters/redis/sessions.ts';
import type { Sessions } from '#application/identity/ports.ts';
import type { Session } from '#domain/identity/session.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { contract, type Openers, type Plan } from '../../support/backends/backends.ts';
import { aSession, at, newId } from '../../support/builders/records.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';
import { openTemporaryRedis } from '../../support/servers/temporary-redis.ts';

const PLAN: Plan = {
  memory: 'run',
  sqlite: { skip: 'sessions live in the speed layer' },
  embedded: 'run',
  postgres: { skip: 'sessions live in the speed layer' },
  redis: 'run',
};

/** `restarted` is the store as the next process finds it; undefined where nothing outlives the process. */
type Harness = Readonly<{ sessions: Sessions; restarted: (() => Sessions) | undefined }>;

const openers: Openers<Harness> = {
  memory: async () => {
    const sessions = new EmbeddedSessions({ file: new SpeedFile({ synchronous: 'full' }) });
    return { harness: { sessions, restarted: undefined }, close: async () => sessions.close() };
  },
  embedded: async () => {
    const folder = temporaryFolder();
    // So few in memory that most look-ups reach the file.
    const open = () =>
      new EmbeddedSessions({
        file: new SpeedFile({ path: join(folder, 'speed.db'), synchronous: 'full' }),
        maxEntries: 2,
      });
    let sessions = open();
    const restarted = () => {
      sessions.close();
      sessions = open();
      return sessions;
    };
    const close = async () => {
      sessions.close();
      rmSync(folder, { recursive: true });
    };
    return { harness: { sessions, restarted }, close };
  },
  redis: async () => {
    const { connection, close } = await openTemporaryRedis();
    const open = () => new RedisSessions({ redis: connection });
    return { harness: { sessions: open(), restarted: open }, close };
  },
};

contract('Sessions', PLAN, openers, (harness) => {
  let user: UserId;
  const sessions = () => harness().sessions;
  const begin = (session: Session, perUser = 20) => sessions().begin(session, perUser);
  const alive = async (session: Session, seconds = 0) =>
    (await sessions().find(session.digest, at(seconds))) !== undefined;

  beforeEach(() => {
    user = newId('user');
  });

  it('returns every field as it was stored', async () => {
    const [full, bare] = [aSession(user), aSession(user, { ip: null, userAgent: null, oauthAccountId: null })];
    await begin(full);
    await begin(bare);
    expect(await sessions().find(full.digest, at(0))).to.deep.equal(full);
    expect(await sessions().find(bare.digest, at(0))).to.deep.equal(bare);
    expect(await sessions().find('unknown', at(0))).to.equal(undefined);
  });

  it('expires when it was not used for too long, by the clock of the caller', async () => {
    const session = aSession(user, { idleEndAt: at(100) });
    await begin(session);
    expect([await alive(session, 99.999), await alive(session, 100), await alive(session, 1)]).to.deep.equal([
      true,
      false,
      true,
    ]);
  });

  it('is extended by a use, but not beyond its absolute end', async () => {
    const session = aSession(user, { idleEndAt: at(100), absoluteEndAt: at(150) });
    await begin(session);
    const used = { ...session, lastSeenAt: at(90), idleEndAt: at(190) };
    await sessions().touch(used);
    expect(await sessions().find(session.digest, at(149))).to.deep.equal(used);
    expect(await alive(session, 150)).to.equal(false);
  });

  it('is not found once it has ended, and can be ended again without an error', async () => {
    const session = aSession(user);
    await begin(session);
    await sessions().end(session.digest);
    await sessions().end(session.digest);
    expect(await alive(session)).to.equal(false);
  });

  it('is never revived by a use that races with its end', async () => {
    const session = aSession(user);
    const used = { ...session, lastSeenAt: at(5), idleEndAt: at(105) };
    await begin(session);
    await Promise.all([sessions().touch(used), sessions().end(session.digest), sessions().touch(used)]);
    await sessions().touch(used);
    expect(await alive(session)).to.equal(false);
    if (harness().restarted !== undefined) {
      expect(await harness().restarted?.().find(session.digest, at(0))).to.equal(undefined);
    }
  });

  it('does not return to an older use', async () => {
    const session = aSession(user);
    await begin(session);
    await sessions().touch({ ...session, lastSeenAt: at(50), idleEndAt: at(150) });
    await sessions().touch({ ...session, lastSeenAt: at(40), idleEndAt: at(140) });
    expect((await sessions().find(session.digest, at(0)))?.lastSeenAt).to.deep.equal(at(50));
  });

  it('ends the oldest sessions of a user beyond the cap, and none of another user', async () => {
    const other = aSession(newId('user'));
    await begin(other, 2);
    const own = [1, 2, 3, 4].map((second) => aSession(user, { createdAt: at(second), lastSeenAt: at(second) }));
    for (const session of own) await begin(session, 2);
    expect(await Promise.all([...own, other].map((session) => alive(session, 5)))).to.deep.equal([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('does not count expired sessions against the cap', async () => {
    const lasting = aSession(user, { createdAt: at(1), idleEndAt: at(900) });
    const expired = aSession(user, { createdAt: at(2), idleEndAt: at(10) });
    await begin(lasting, 2);
    await begin(expired, 2);
    await begin(aSession(user, { createdAt: at(20), idleEndAt: at(900) }), 2);
    expect(await alive(lasting, 20)).to.equal(true);
  });

  it('counts a session that a use has extended against the cap', async () => {
    const used = aSession(user, { createdAt: at(1), idleEndAt: at(10) });
    await begin(used, 1);
    await sessions().touch({ ...used, lastSeenAt: at(9), idleEndAt: at(100) });
    await begin(aSession(user, { createdAt: at(20), idleEndAt: at(900) }), 1);
    expect(await alive(used, 21)).to.equal(false);
  });

  it('counts the live sessions of all users, each until it ends', async () => {
    await begin(aSession(user, { idleEndAt: at(10) }));
    await begin(aSession(newId('user'), { idleEndAt: at(900) }));
    const counts: number[] = [];
    for (const seconds of [5, 9.999, 10, 11]) counts.push(await sessions().count(at(seconds)));
    expect(counts).to.deep.equal([2, 2, 1, 1]);
  });

  it('lists the live sessions of one user, the newest first', async () => {
    const own = [1, 2, 3].map((second) => aSession(user, { createdAt: at(second), lastSeenAt: at(second) }));
    for (const session of own) await begin(session);
    for (const end of [4, 5]) await begin(aSession(user, { idleEndAt: at(end) }));
    await begin(aSession(newId('user')));
    const used = { ...(own[0] as Session), lastSeenAt: at(9), idleEndAt: at(109) };
    await sessions().touch(used);
    expect(await sessions().listByUser(user, at(5))).to.deep.equal([own[2], own[1], used]);
    expect(await sessions().listByUser(newId('user'), at(5))).to.deep.equal([]);
  });

  it('ends all sessions of one user, and returns those that were live', async () => {
    const [own, other] = [[aSession(user), aSession(user)], aSession(newId('user'))];
    for (const session of [...own, aSession(user, { idleEndAt: at(4) }), other]) await begin(session);
    await sessions().touch({ ...(own[0] as Session), lastSeenAt: at(5), idleEndAt: at(105) });
    expect(await sessions().endByUser(user, at(5))).to.have.length(2);
    expect(await Promise.all([...own, other].map((session) => alive(session, 5)))).to.deep.equal([false, false, true]);
    expect(await sessions().listByUser(user, at(0))).to.deep.equal([]);
    expect(await sessions().endByUser(user, at(5))).to.deep.equal([]);
    if (harness().restarted !== undefined) {
      expect(await harness().restarted?.().listByUser(user, at(0))).to.deep.equal([]);
    }
  });

  it('spares one session when it ends the others, and moves it to a new epoch', async () => {
    const [kept, ended] = [aSession(user), aSession(user)];
    await begin(kept);
    await begin(ended);
    const used = { ...kept, lastSeenAt: at(5), idleEndAt: at(105) };
    await sessions().touch(used);
    expect(await sessions().endByUser(user, at(6), { id: kept.id, epoch: 9 })).to.have.length(1);
    expect(await sessions().find(kept.digest, at(6))).to.deep.equal({ ...used, epoch: 9 });
    expect(await alive(ended, 6)).to.equal(false);
    await sessions().touch({ ...used, lastSeenAt: at(7), idleEndAt: at(107) });
    expect((await sessions().find(kept.digest, at(7)))?.epoch).to.equal(9);
  });

  it('does not revive an ended or expired session that was to be spared', async () => {
    const [session, expired] = [aSession(user), aSession(user, { idleEndAt: at(1) })];
    for (const one of [session, expired]) await begin(one);
    await sessions().end(session.digest);
    for (const { id } of [session, expired])
      expect(await sessions().endByUser(user, at(1), { id, epoch: 9 })).to.deep.equal([]);
    expect([await alive(session), await alive(expired, 1)]).to.deep.equal([false, false]);
  });

  it('finds every one of many sessions, even if few are cached', async () => {
    const many = Array.from({ length: 50 }, () => aSession(newId('user')));
    for (const session of many) await begin(session);
    for (const session of many) expect(await sessions().find(session.digest, at(0))).to.deep.equal(session);
  });

  it('returns copies, so that changing one does not change what is stored', async () => {
    const session = aSession(user);
    const given = { ...session, idleEndAt: new Date(session.idleEndAt) };
    await begin(given);
    given.idleEndAt.setTime(0);
    (await sessions().find(session.digest, at(0)))?.idleEndAt.setTime(0);
    expect(await sessions().find(session.digest, at(0))).to.deep.equal(session);
  });

  it('retains sessions, their last uses and their ends across a restart', async function () {
    const { restarted } = harness();
    if (restarted === undefined) return this.skip();
    const [kept, ended] = [aSession(user), aSession(user)];
    await begin(kept);
    await begin(ended);
    const used = { ...kept, lastSeenAt: at(9), idleEndAt: at(109) };
    await sessions().touch(used);
    await sessions().end(ended.digest);
    const next = restarted();
    expect(await next.find(kept.digest, at(0))).to.deep.equal(used);
    expect(await next.find(ended.digest, at(0))).to.equal(undefined);
  });
});
