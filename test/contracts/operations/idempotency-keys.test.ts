/** What every store of kept answers promises. */
import { expect } from 'chai';
import type { StoredResponse } from '#application/shared/idempotency.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aStoredResponse, at, aUser, newId } from '../../support/builders/records.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';
import { rounds } from '../../support/reporting/rounds.ts';

contract('IdempotencyKeys', ON_RECORD_STORES, recordStores, (stores) => {
  const add = (kept: StoredResponse) => stores().unitOfWork.run(({ idempotency }) => idempotency.add(kept));
  const find = (key: string, seconds: number) =>
    stores().unitOfWork.run(({ idempotency }) => idempotency.find(key, at(seconds)));
  const prune = (seconds: number, limit: number) =>
    stores().unitOfWork.run(({ idempotency }) => idempotency.prune(at(seconds), limit));

  it('returns every field as it was stored', async () => {
    for (const kept of [aStoredResponse(), aStoredResponse({ subjectId: newId('user') })]) {
      await add(kept);
      expect(await find(kept.key, 1)).to.deep.equal(kept);
    }
    expect(await find('another', 1)).to.equal(undefined);
  });

  it('finds an answer until it expires', async () => {
    const kept = aStoredResponse({ expiresAt: at(100) });
    await add(kept);
    expect(await find(kept.key, 99.999)).to.deep.equal(kept);
    expect(await find(kept.key, 100)).to.equal(undefined);
  });

  it('refuses a used key, rolls back its unit of work, and retains the first answer', async () => {
    const [kept, user] = [aStoredResponse(), aUser()];
    await add(kept);
    const again = stores().unitOfWork.run(async ({ idempotency, users }) => {
      await users.add(user);
      await idempotency.add({ ...kept, bodyDigest: 'another', createdAt: at(99.999) });
    });
    expect(await refusalOf(again)).to.equal('idempotency_in_flight');
    expect(await stores().users.find(user.id)).to.equal(undefined);
    expect(await find(kept.key, 1)).to.deep.equal(kept);
  });

  it('replaces an expired answer with a new one', async () => {
    const kept = aStoredResponse();
    await add(kept);
    const renewed = aStoredResponse({
      key: kept.key,
      subjectId: newId('user'),
      bodyDigest: 'another',
      answer: { seq: 2 },
      createdAt: at(100),
      expiresAt: at(200),
    });
    await add(renewed);
    expect(await find(kept.key, 150)).to.deep.equal(renewed);
  });

  it('stores nothing of a unit of work that throws', async () => {
    const kept = aStoredResponse();
    const failing = stores().unitOfWork.run(async ({ idempotency }) => {
      await idempotency.add(kept);
      throw new Error('after all');
    });
    await failing.catch(() => {});
    expect(await find(kept.key, 1)).to.equal(undefined);
  });

  it('commits exactly one of eight concurrent units of work with one key', async () => {
    for (let round = 0; round < rounds(100); round += 1) {
      const key = `raced ${round}`;
      const racers = Array.from({ length: 8 }, async (_, n) => {
        const user = aUser();
        await stores().unitOfWork.run(async ({ idempotency, users }) => {
          await users.add(user);
          await idempotency.add(aStoredResponse({ key, bodyDigest: `of ${n}` }));
        });
        return user.id;
      });
      const outcomes = await Promise.allSettled(racers);
      const won = outcomes.filter(({ status }) => status === 'fulfilled');
      expect(won, `round ${round}`).to.have.length(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason.code).to.equal('idempotency_in_flight');
      }
    }
  });

  it('deletes only expired answers, at most the given number at a time', async () => {
    for (const seconds of [10, 20, 30]) await add(aStoredResponse({ key: `until ${seconds}`, expiresAt: at(seconds) }));
    expect(await prune(9, 10)).to.equal(0);
    expect([await prune(20, 1), await prune(20, 1), await prune(20, 1)]).to.deep.equal([1, 1, 0]);
    expect(await find('until 30', 5)).not.to.equal(undefined);
    expect(await find('until 10', 5)).to.equal(undefined);
  });

  it('deletes what a user was answered and what others were answered about them, and nothing else', async () => {
    const [leaving, staying] = [newId('user'), newId('user')];
    const own = aStoredResponse({ actorId: leaving });
    const about = aStoredResponse({ actorId: staying, subjectId: leaving });
    const others = aStoredResponse({ actorId: staying });
    for (const kept of [own, about, others]) await add(kept);
    await stores().unitOfWork.run(({ idempotency }) => idempotency.removeByUser(leaving));
    expect(await find(own.key, 1)).to.equal(undefined);
    expect(await find(about.key, 1)).to.equal(undefined);
    expect(await find(others.key, 1)).to.deep.equal(others);
  });

  it('removes what was answered about a thread, and nothing else', async () => {
    const [thread, other] = [newId('thread'), newId('thread')];
    const [about, others] = [aStoredResponse({ subjectId: thread }), aStoredResponse({ subjectId: other })];
    for (const stored of [about, others]) await add(stored);
    await stores().unitOfWork.run(({ idempotency }) => idempotency.removeBySubject(thread));
    expect(await find(about.key, 1)).to.equal(undefined);
    expect(await find(others.key, 1)).to.deep.equal(others);
  });

  it('returns copies, so that changing one does not change what is stored', async () => {
    const kept = aStoredResponse({ answer: { body: { n: 1 } } });
    await add(kept);
    const found = await find(kept.key, 1);
    (found?.answer.body as { n: number }).n = 2;
    (kept.answer.body as { n: number }).n = 3;
    expect((await find(kept.key, 1))?.answer).to.deep.equal({ body: { n: 1 } });
  });
});
