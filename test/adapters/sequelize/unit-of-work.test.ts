/** A unit of work on SQLite is tried again as a whole, a bounded number of times. */
import { inspect } from 'node:util';
import { expect } from 'chai';
import { SequelizeUnitOfWork, type Transact } from '#adapters/sequelize/unit-of-work.ts';
import { aUser } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/servers/temporary-database.ts';

describe('reads outside of a unit of work', () => {
  it('fail without the SQL that failed', async () => {
    const { database, stores, close } = await openTemporaryDatabase();
    await database.sequelize.query('DROP TABLE user_roles');
    const failure = await failureOf(stores.reads.users.list({}, { limit: 1 }));
    await close();
    expect(inspect(failure, { depth: 9 })).not.to.match(/SELECT|FROM/);
  });
});

describe('a unit of work that meets a conflict', () => {
  let temporary: TemporaryDatabase;
  beforeEach(async () => {
    temporary = await openTemporaryDatabase();
  });
  afterEach(() => temporary.close());

  /** A store that is busy the first so many times. */
  function busyFor(times: number) {
    let attempts = 0;
    const { sequelize } = temporary.database;
    const transact: Transact = async (work) => {
      const answer = await sequelize.transaction(work);
      if (attempts++ < times) throw Object.assign(new Error('busy'), { errcode: 5 });
      return answer;
    };
    const unitOfWork = new SequelizeUnitOfWork({ sequelize, transact, retry: { attempts: 5, pauseMs: () => 0 } });
    return { unitOfWork, attempts: () => attempts };
  }

  it('is run again from its start until it succeeds', async () => {
    const { unitOfWork, attempts } = busyFor(3);
    let runs = 0;
    expect(await unitOfWork.run(async () => ++runs)).to.equal(4);
    expect(attempts()).to.equal(4);
  });

  it('gives up after five attempts', async () => {
    const { unitOfWork, attempts } = busyFor(99);
    expect(await refusalOf(unitOfWork.run(async () => {}))).to.equal('store_unavailable');
    expect(attempts()).to.equal(5);
  });

  it('does not repeat work that was refused', async () => {
    let runs = 0;
    const { unitOfWork } = temporary.stores;
    const user = aUser();
    const add = () =>
      unitOfWork.run(async ({ users }) => {
        runs++;
        await users.add(user);
        await users.add({ ...aUser(), email: user.email });
      });
    expect(await refusalOf(add())).to.equal('email_taken');
    expect(runs).to.equal(1);
  });
});
