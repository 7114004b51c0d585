/** What every store of quotas promises. */
import { expect } from 'chai';
import { DomainError } from '#domain/shared/domain-error.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { ASK, type QuotaAmounts, type QuotaLimits } from '#domain/workspaces/quota.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aWorkspace } from '../../support/builders/workspaces.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const NOON = new Date('2026-11-03T12:00:00Z');

contract('Quotas', ON_RECORD_STORES, recordStores, (stores) => {
  const { id } = aWorkspace();
  const run = () => stores().unitOfWork;
  const limit = (limits: QuotaLimits) => run().run(({ quotas }) => quotas.saveLimits(id, limits));
  const take = (amounts: QuotaAmounts, now = NOON) => run().run(({ quotas }) => quotas.take(id, amounts, now));
  const giveBack = (amounts: QuotaAmounts) => run().run(({ quotas }) => quotas.giveBack(id, amounts));
  const usages = async (of = id) => {
    const known = await stores().reads.quotas.list(of);
    return Object.fromEntries(known.map(({ quota, limit, used }) => [quota, [used, limit]]));
  };

  beforeEach(() => run().run(({ workspaces }) => workspaces.add(aWorkspace({ id }))));

  it('know of no limit at first, and count all the same', async () => {
    expect(await usages()).to.deep.equal({});
    await take({ sources: 2, stored_bytes: 5_000_000_000 });
    await take({ sources: 1 });
    expect(await usages()).to.deep.equal({ sources: [3, null], stored_bytes: [5_000_000_000, null] });
    expect(await usages(HOME_ID)).to.deep.equal({});
  });

  it('are taken up to the limit, and refused beyond it with what is used and what there may be', async () => {
    await limit({ documents: 2 });
    await take({ documents: 1 });
    const refusal = await failureOf(take({ documents: 2 }));
    expect(refusal).to.be.instanceOf(DomainError);
    expect(refusal).to.deep.include({
      code: 'quota_exceeded',
      details: { quota: 'documents', limit: 2, used: 1, resets_at: null, retry_after_seconds: 3_600 },
    });
    await take({ documents: 1 });
    expect(await usages()).to.deep.equal({ documents: [2, 2] });
  });

  it('refuse the first unit where nothing may be had', async () => {
    await limit({ sources: 0 });
    await failureOf(take({ sources: 1 }));
    expect(await usages()).to.deep.equal({ sources: [0, 0] });
  });

  it('are taken all or none, in a unit of work that goes on too', async () => {
    await limit({ documents: 5, stored_bytes: 100 });
    await run().run(async ({ quotas }) => {
      await failureOf(quotas.take(id, { documents: 1, stored_bytes: 101 }, NOON));
      await quotas.take(id, { documents: 1, stored_bytes: 100 }, NOON);
    });
    expect(await usages()).to.deep.equal({ documents: [1, 5], stored_bytes: [100, 100] });
  });

  it('count nothing of a unit of work that fails', async () => {
    const failing = run().run(async ({ quotas }) => {
      await quotas.take(id, { sources: 1 }, NOON);
      throw new Error('no');
    });
    await failureOf(failing);
    expect(await usages()).to.deep.equal({});
  });

  it('are given back, never below nothing', async () => {
    await limit({ documents: 1 });
    await take({ documents: 1, stored_bytes: 7 });
    await giveBack({ documents: 1, stored_bytes: 3 });
    expect(await usages()).to.deep.equal({ documents: [0, 1], stored_bytes: [4, null] });
    await giveBack({ documents: 1, stored_bytes: 9, sources: 1 });
    expect(await usages()).to.deep.include({ documents: [0, 1], stored_bytes: [0, null] });
    await take({ documents: 1 });
  });

  it('keep what is used under a lowered limit, and let more be taken once there is none', async () => {
    await take({ sources: 3 });
    await limit({ sources: 1 });
    expect(await usages()).to.deep.equal({ sources: [3, 1] });
    await giveBack({ sources: 1 });
    await failureOf(take({ sources: 1 }));
    await limit({ sources: null });
    await take({ sources: 1 });
    expect(await usages()).to.deep.equal({ sources: [3, null] });
  });

  it('count anew in each minute and day, and never go back to one that is over', async () => {
    await limit({ asks_per_minute: 1, asks_per_day: 3 });
    const seconds = (count: number) => new Date(NOON.getTime() + count * 1_000);
    await take(ASK, seconds(0));
    expect(await failureOf(take(ASK, seconds(59)))).to.deep.include({
      code: 'quota_exceeded',
      details: {
        quota: 'asks_per_minute',
        limit: 1,
        used: 1,
        resets_at: '2026-11-03T12:01:00.000Z',
        retry_after_seconds: 1,
      },
    });
    await take(ASK, seconds(60));
    await failureOf(take(ASK, seconds(30)));
    expect(await usages()).to.deep.equal({ asks_per_minute: [1, 1], asks_per_day: [2, 3] });
    await take(ASK, seconds(120));
    expect(await failureOf(take(ASK, seconds(180)))).to.have.nested.property(
      'details.resets_at',
      '2026-11-04T00:00:00.000Z',
    );
    await take(ASK, seconds(86_400));
    expect(await usages()).to.deep.equal({ asks_per_minute: [1, 1], asks_per_day: [1, 3] });
  });

  it('belong to a workspace that exists, and go with it', async () => {
    const nowhere = aWorkspace();
    await failureOf(run().run(({ quotas }) => quotas.take(nowhere.id, { sources: 1 }, NOON)));
    await take({ sources: 1 });
    await run().run(({ workspaces }) => workspaces.remove(id));
    expect(await usages()).to.deep.equal({});
  });
});
