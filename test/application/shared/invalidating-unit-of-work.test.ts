/** A right that was taken away opens nothing again, at whichever instant the process that took it away is killed. */
import { expect } from 'chai';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import type { UserReads } from '#application/identity/ports.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import type { Repos } from '#application/repos.ts';
import { INVALIDATION_LAPSE_MS, type Invalidation } from '#application/shared/cache.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { User } from '#domain/identity/user.ts';
import { invalidating } from '../../support/builders/invalidating.ts';
import { at, aUser } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { SEEDERS } from '../../support/servers/temporary-database.ts';

type Units = UnitOfWork<Repos>;

describe('a unit of work that takes a right away', () => {
  let now: Date;
  let database: MemoryDatabase;
  /** Shared by all processes, as one outside of them is. */
  let cache: EmbeddedCache;
  let user: User;
  let reads: number;

  beforeEach(async () => {
    now = at(0);
    reads = 0;
    database = new MemoryDatabase();
    cache = new EmbeddedCache({ clock: { now: () => now } });
    user = aUser({ roles: ['admin'] });
    await new Seeder({ folder: SEEDERS, unitOfWork: database.unitOfWork }).up();
    await database.unitOfWork.run(({ users }) => users.add(user));
    expect(await mayAdminister()).to.equal(true);
  });

  const counting: Pick<UserReads, 'find'> = {
    find: (id) => {
      reads += 1;
      return database.users.find(id);
    },
  };
  /** Whether another process lets the user in as an admin. */
  async function mayAdminister(users = counting): Promise<boolean> {
    const principals = new Principals({ ...database, cache, users: { ...database.users, ...users } });
    return (await principals.get(user.id)).permissions.includes('users.write');
  }
  const takeAway = (unitOfWork: Units) =>
    invalidating(unitOfWork, cache).run(({ users }) => users.save({ ...user, roles: [] }));

  /**
   * Units of work of a process that is killed right after a commit; `beforeCommit` is what others do just before it.
   */
  function killedAfterCommit(beforeCommit: () => Promise<unknown> = async () => {}) {
    const { promise: committed, resolve } = Promise.withResolvers<void>();
    const unitOfWork: Units = {
      run: async (work) => {
        await database.unitOfWork.run(async (repos) => {
          await work(repos);
          await beforeCommit();
        });
        resolve();
        return new Promise(() => {});
      },
    };
    return { unitOfWork, committed };
  }

  it('is seen by the next look-up, which is cached again', async () => {
    await takeAway(database.unitOfWork);
    reads = 0;
    expect([await mayAdminister(), await mayAdminister()]).to.deep.equal([false, false]);
    expect(reads).to.equal(1);
  });

  it('is seen although its process is killed right after the commit', async () => {
    const { unitOfWork, committed } = killedAfterCommit();
    void takeAway(unitOfWork);
    await committed;
    expect(await mayAdminister()).to.equal(false);
  });

  it('is seen although another process looked the user up just before the commit, and nobody is left to tell it', async () => {
    let before: boolean | undefined;
    const { unitOfWork, committed } = killedAfterCommit(async () => {
      before = await mayAdminister();
    });
    void takeAway(unitOfWork);
    await committed;
    expect([before, await mayAdminister()]).to.deep.equal([true, false]);
    now = at(INVALIDATION_LAPSE_MS / 1_000);
    expect(await mayAdminister()).to.equal(false);
  });

  it('is seen although what another process read just before the commit arrives long after the kill', async () => {
    const slow = Promise.withResolvers<void>();
    const slowly: Pick<UserReads, 'find'> = {
      find: async (id) => {
        const found = await database.users.find(id);
        await slow.promise;
        return found;
      },
    };
    let early: Promise<boolean> | undefined;
    const { unitOfWork, committed } = killedAfterCommit(async () => {
      early = mayAdminister(slowly);
      await new Promise(setImmediate);
    });
    void takeAway(unitOfWork);
    await committed;
    now = at(INVALIDATION_LAPSE_MS / 1_000);
    slow.resolve();
    expect(await early).to.equal(true);
    expect(await mayAdminister()).to.equal(false);
  });

  it('is looked up anew each time after such a kill, until the invalidation has lapsed', async () => {
    const { unitOfWork, committed } = killedAfterCommit();
    void takeAway(unitOfWork);
    await committed;
    reads = 0;
    for (let round = 0; round < 3; round += 1) await mayAdminister();
    expect(reads).to.equal(3);
    now = at(INVALIDATION_LAPSE_MS / 1_000);
    for (let round = 0; round < 3; round += 1) await mayAdminister();
    expect(reads).to.equal(4);
  });

  it('is seen where the commit fails in doubt and happens all the same, although the user is looked up in between', async () => {
    const away = new Error('away');
    const { promise: doubted, resolve: happen } = Promise.withResolvers<void>();
    let happened: Promise<unknown> = Promise.resolve();
    const inDoubt: Units = {
      run: async (work) => {
        const ready = Promise.withResolvers<void>();
        happened = database.unitOfWork.run(async (repos) => {
          await work(repos);
          ready.resolve();
          await doubted;
        });
        await ready.promise;
        throw away;
      },
    };
    expect(await failureOf(takeAway(inDoubt))).to.equal(away);
    expect(await mayAdminister()).to.equal(true);
    happen();
    await happened;
    expect(await mayAdminister()).to.equal(false);
  });

  it('is not done where the cache cannot promise to forget', async () => {
    const away = new Error('away');
    const deaf = { invalidate: () => Promise.reject(away), clear: () => Promise.reject(away) };
    const work = invalidating(database.unitOfWork, deaf).run(({ users }) => users.save({ ...user, roles: [] }));
    expect(await failureOf(work)).to.equal(away);
    expect((await database.users.find(user.id))?.roles).to.deep.equal(['admin']);
  });

  it('is done where the cache is away after the commit, and seen', async () => {
    const goesAway = {
      invalidate: async (...values: Parameters<EmbeddedCache['invalidate']>): Promise<Invalidation> => {
        await cache.invalidate(...values);
        return { end: () => Promise.reject(new Error('away')) };
      },
      clear: () => Promise.reject(new Error('away')),
    };
    await invalidating(database.unitOfWork, goesAway).run(({ users }) => users.save({ ...user, roles: [] }));
    expect(await mayAdminister()).to.equal(false);
  });

  it('is seen, and cached again, where the work runs once more after a conflict', async () => {
    const again: Units = {
      run: async (work) => {
        const conflict = new Error('conflict');
        const first = database.unitOfWork.run(async (repos) => {
          await work(repos);
          throw conflict;
        });
        expect(await failureOf(first)).to.equal(conflict);
        return database.unitOfWork.run(work);
      },
    };
    await takeAway(again);
    reads = 0;
    expect([await mayAdminister(), await mayAdminister()]).to.deep.equal([false, false]);
    expect(reads).to.equal(1);
  });

  it('leaves the cache alone where it is refused or changes nothing of anybody’s rights', async () => {
    const refused = new Error('refused');
    const work = invalidating(database.unitOfWork, cache).run(() => Promise.reject(refused));
    expect(await failureOf(work)).to.equal(refused);
    await invalidating(database.unitOfWork, cache).run(async ({ users, passwordHashes }) => {
      await users.find(user.id);
      await passwordHashes.save(user.id, 'a hash');
    });
    reads = 0;
    expect(await mayAdminister()).to.equal(true);
    expect(reads).to.equal(0);
  });
});
