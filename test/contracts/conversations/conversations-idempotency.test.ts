/** What every store of conversations promises about messages that are sent under an idempotency key. */
import { expect } from 'chai';
import type { AppendGuard } from '#application/conversations/ports.ts';
import type { ToStoredResponse } from '#application/shared/idempotency.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aMessage, aRevision, aStoredResponse, aThread, at, aUser } from '../../support/builders/records.ts';
import { anAppendChange } from '../../support/builders/window-changes.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';
import { rounds } from '../../support/reporting/rounds.ts';

const guard: AppendGuard = { ifVersion: 1, sizeBelow: 1_000_000, maxEntries: 2_000, estimator: 'chars_div_4' };

const once =
  (key: string): ToStoredResponse<number> =>
  (seq) =>
    aStoredResponse({ key, answer: { seq } });

contract('Conversations: idempotent appends', ON_RECORD_STORES, recordStores, (stores) => {
  let thread: Thread;

  beforeEach(async () => {
    const owner = aUser();
    thread = aThread(owner.id, { title: null });
    await stores().unitOfWork.run(async ({ users, threads }) => {
      await users.add(owner);
      await threads.add(thread);
    });
  });

  const append = (kept: ToStoredResponse<number>) =>
    stores().conversations.append(aMessage(thread.id), guard, null, kept);
  const commit = async (kept: ToStoredResponse<number>) => {
    const ifLastSeq = (await stores().threads.find(thread.id))?.lastSeq ?? 0;
    const change = { ifLastSeq, title: 'Named', revision: aRevision(), toStoredResponse: kept };
    return stores().conversations.commit(anAppendChange(thread.id, change));
  };
  const kept = (key: string) => stores().unitOfWork.run(({ idempotency }) => idempotency.find(key, at(1)));
  const count = async () => (await stores().conversations.messages(thread.id, { limit: 1_000 })).length;

  for (const [way, write] of [
    ['append', append],
    ['commit', commit],
  ] as const) {
    it(`stores the answer with the seq of its message (${way})`, async () => {
      expect((await write(once('k')))?.lastSeq).to.equal(1);
      expect((await kept('k'))?.answer).to.deep.equal({ seq: 1 });
    });

    it(`changes nothing if the key is already used (${way})`, async () => {
      await append(once('k'));
      const before = await stores().conversations.snapshot(thread.id);
      expect(await refusalOf(write(once('k')))).to.equal('idempotency_in_flight');
      expect(await stores().conversations.snapshot(thread.id)).to.deep.equal(before);
      expect(await stores().threads.find(thread.id)).to.deep.equal(before?.thread);
      expect(await count()).to.equal(1);
      expect(await stores().conversations.revision(thread.id, 1)).to.equal(undefined);
      expect((await kept('k'))?.answer).to.deep.equal({ seq: 1 });
    });
  }

  it('stores no answer if a condition of the append fails', async () => {
    const late = { ...guard, ifVersion: 2 };
    expect(await stores().conversations.append(aMessage(thread.id), late, null, once('k'))).to.equal(undefined);
    expect(await kept('k')).to.equal(undefined);
  });

  it('accepts a key again once its answer has expired', async () => {
    await append(once('k'));
    const later: ToStoredResponse<number> = (seq) => ({ ...once('k')(seq), createdAt: at(100), expiresAt: at(200) });
    expect((await append(later))?.lastSeq).to.equal(2);
  });

  it('stores one message for eight concurrent appends with one key, beside one without a key', async () => {
    for (let round = 1; round <= rounds(100); round += 1) {
      const racers = Array.from({ length: 8 }, () => append(once(`raced ${round}`)));
      const other = stores().conversations.append(aMessage(thread.id), guard, null);
      const outcomes = await Promise.allSettled(racers);
      await other;
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
      expect(new Set(codes)).to.deep.equal(new Set(['idempotency_in_flight']));
      expect(await count()).to.equal(2 * round);
    }
  });
});
