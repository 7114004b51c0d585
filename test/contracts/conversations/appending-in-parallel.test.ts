/** Many who write to one thread at once are all heard, on every store, and after a change of estimator. */
import { expect } from 'chai';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import { countedText } from '#domain/conversations/window.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { actorFor, type Choices, conversing } from '../../support/builders/conversing.ts';
import { aUser } from '../../support/builders/records.ts';
import { expectAccounted } from '../../support/invariants/invariants.ts';

contract('Appending in parallel', ON_RECORD_STORES, recordStores, (stores) => {
  let owner: UserActor;
  let thread: ThreadId;
  const talk = (choices: Choices = {}) => conversing(stores(), choices);

  beforeEach(async () => {
    const user = aUser({ roles: [] });
    await stores().unitOfWork.run(({ users }) => users.add(user));
    owner = actorFor(user.id);
    thread = (await talk().start.execute(owner, { title: null, gameId: null, systemPrompt: null })).id;
  });

  for (const writers of [20, 50]) {
    it(`refuses none of ${writers} messages of 3 kB that arrive together, through several compactions`, async () => {
      const { say, window } = talk({ policy: { maxTokens: 16_000 } });
      const texts = Array.from({ length: writers }, (_, n) => `${n}: ${'Scanlan sings of the mines. '.repeat(107)}`);
      const done = await Promise.allSettled(texts.map((text) => say(owner, thread, text)));
      expect(done.flatMap((one) => (one.status === 'rejected' ? [one.reason.code ?? one.reason] : []))).to.deep.equal(
        [],
      );
      const stored = await stores().conversations.messages(thread, { limit: 100 });
      expect(stored.map(({ content }) => content).toSorted()).to.deep.equal(texts.toSorted());
      expect(stored.map(({ seq }) => seq)).to.deep.equal(texts.map((_, i) => i + 1));
      const now = await window.execute(owner, thread);
      expectAccounted(now.window, writers);
      expect(now.usage.usagePct).to.be.below(80);
      expect(now.usage.revision).to.be.greaterThan(writers === 20 ? 0 : 3);
    });
  }

  it('refuses none of 20 writers to one thread whose window compacts again and again', async () => {
    const { say, window } = talk({ policy: { maxTokens: 1_000 } });
    const done = await Promise.all(
      Array.from({ length: 20 }, async (_, writer) => {
        for (let n = 1; n <= 10; n += 1)
          await say(owner, thread, `${writer}.${n}: ${'Pike lights a candle. '.repeat(7)}`);
      }),
    );
    expect(done).to.have.length(20);
    const stored = await stores().conversations.messages(thread, { limit: 1_000 });
    expect(stored.map(({ seq }) => seq)).to.deep.equal(Array.from({ length: 200 }, (_, i) => i + 1));
    expect(new Set(stored.map(({ content }) => content)).size).to.equal(200);
    const now = await window.execute(owner, thread);
    expectAccounted(now.window, 200);
    expect(now.usage.revision).to.be.greaterThan(9);
  });

  it('takes the first message after a change of estimator, which counts the thread again', async () => {
    for (const text of ['The gate is shut.', 'Grog knocks twice.']) await talk().say(owner, thread, text);
    const estimator = await loadEstimator('o200k_base');
    const recounted = talk({ estimator });
    const { usage } = await recounted.say(owner, thread, 'Nobody answers.');
    const { window } = await recounted.window.execute(owner, thread);
    const tokens = window.entries.reduce((sum, entry) => sum + estimator.size(countedText(entry)), 0);
    expect(usage).to.include({ estimator: 'o200k_base', approxTokens: tokens, messageCount: 3 });
    expect((await stores().threads.find(thread))?.windowSize).to.equal(tokens);
    const back = await talk().say(owner, thread, 'And back again.');
    expect(back.usage).to.include({ estimator: 'chars_div_4', messageCount: 4 });
    expect(back.usage.approxTokens).to.equal(Math.floor((17 + 18 + 15 + 15) / 4));
  });
});
