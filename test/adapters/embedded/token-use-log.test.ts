/** Uses of tokens that cannot be written are neither lost nor counted twice. */
import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import { EmbeddedTokenUses } from '#adapters/embedded/token-use-log.ts';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import type { Repos } from '#application/repos.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { anApiToken, at, aUser, newId } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

describe('uses of tokens', () => {
  it('wait for the next time where they cannot be written, together with those that came meanwhile', async () => {
    const database = new MemoryDatabase();
    const user = aUser({ roles: [] });
    const token = anApiToken(user.id, { usageCount: 0, lastUsedAt: null });
    await database.unitOfWork.run(async ({ users, apiTokens }) => {
      await users.add(user);
      await apiTokens.add(token);
    });
    const away = new Error('away');
    let isAway = true;
    const unitOfWork: UnitOfWork<Repos> = {
      run: (work) => (isAway ? Promise.reject(away) : database.unitOfWork.run(work)),
    };
    const uses = new EmbeddedTokenUses({ unitOfWork });
    uses.record(token.id, at(2));
    const failing = failureOf(uses.flush());
    uses.record(token.id, at(1));
    expect(await failing).to.equal(away);
    isAway = false;
    await uses.flush();
    await uses.flush();
    expect(await database.reads.apiTokens.find(token.id)).to.deep.include({ usageCount: 2, lastUsedAt: at(2) });
  });

  it('say of how many tokens some are not written, and since when the oldest waits, where writing fails too', async () => {
    const clock = useFakeTimers({ toFake: ['performance'] });
    let isAway = true;
    const run = async () => {
      if (isAway) throw new Error('away');
    };
    const uses = new EmbeddedTokenUses({ unitOfWork: { run } as unknown as UnitOfWork<Repos> });
    expect(uses.unwritten).to.deep.equal({ count: 0, lagMs: 0 });
    const [one, other] = [newId('apiToken'), newId('apiToken')];
    uses.record(one, at(1));
    clock.tick(400);
    for (const id of [one, other]) uses.record(id, at(2));
    await failureOf(uses.flush());
    clock.tick(300);
    expect(uses.unwritten).to.deep.equal({ count: 2, lagMs: 700 });
    isAway = false;
    await uses.flush();
    expect(uses.unwritten).to.deep.equal({ count: 0, lagMs: 0 });
    clock.restore();
  });

  it('open no unit of work where there are none', async () => {
    const unitOfWork: UnitOfWork<Repos> = { run: () => Promise.reject(new Error('nothing is to be written')) };
    await new EmbeddedTokenUses({ unitOfWork }).flush();
  });
});
