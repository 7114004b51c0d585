/** Uses of tokens that cannot be written are neither lost nor counted twice. */
import { expect } from 'chai';
import { EmbeddedTokenUses } from '#adapters/embedded/token-use-log.ts';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import type { Repos } from '#application/repos.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { anApiToken, at, aUser } from '../../support/builders/records.ts';
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

  it('open no unit of work where there are none', async () => {
    const unitOfWork: UnitOfWork<Repos> = { run: () => Promise.reject(new Error('nothing is to be written')) };
    await new EmbeddedTokenUses({ unitOfWork }).flush();
  });
});
