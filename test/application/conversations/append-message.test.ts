/** Appending: plainly, at the trigger, in races, after a change of estimator, and with compaction switched off. */
import { expect } from 'chai';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import type { Compactor } from '#application/conversations/ports.ts';
import { compact } from '#domain/conversations/compaction/chain.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { countedText, seqsOf } from '#domain/conversations/window.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { actorFor, type Choices, type Conversing, conversing } from '../../support/builders/conversing.ts';
import { aUser } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

const line = (n: number) => `Line ${n}: Scanlan sings of the mines under Kraghammer, and Grog hums along to it. `;

describe('AppendMessage', () => {
  let database: MemoryDatabase;
  let owner: UserActor;
  let thread: ThreadId;
  let talk: Conversing;

  beforeEach(async () => {
    database = new MemoryDatabase();
    const user = aUser({ roles: [] });
    await database.unitOfWork.run(({ users }) => users.add(user));
    owner = actorFor(user.id);
    talk = conversing(database);
    thread = (await talk.start.execute(owner, { title: null, gameId: null, systemPrompt: null })).id;
  });
  const withChoices = (choices: Choices) => conversing(database, choices);

  /** P1 on what is stored, and the running size against a fresh count. */
  async function checkStored(): Promise<void> {
    const snapshot = await database.conversations.snapshot(thread);
    if (snapshot === undefined) throw new Error('no thread');
    const seqs = snapshot.entries.flatMap(seqsOf).toSorted((a, b) => a - b);
    expect(seqs).to.deep.equal(Array.from({ length: snapshot.thread.lastSeq }, (_, i) => i + 1));
    expect(snapshot.thread.windowEntries).to.equal(snapshot.entries.length);
    expect(snapshot.thread.windowSize).to.equal(snapshot.entries.reduce((sum, entry) => sum + entry.size, 0));
  }

  it('P8 concurrent: loses and duplicates none of 300 parallel appends through several triggers', async () => {
    const done = await Promise.allSettled(Array.from({ length: 300 }, (_, n) => talk.say(owner, thread, line(n))));
    const refused = done.filter((one) => one.status === 'rejected').map(({ reason }) => reason.code);
    expect(refused).to.deep.equal([]);
    const seqs = done.flatMap((one) => (one.status === 'fulfilled' ? [one.value.message.seq] : []));
    expect(seqs.toSorted((a, b) => a - b)).to.deep.equal(seqs.map((_, i) => i + 1));
    await checkStored();
  });

  it('compacts once if many messages reach the trigger together', async () => {
    let compactions = 0;
    const counting: Compactor = {
      compact: async (job) => {
        compactions += 1;
        await new Promise(setImmediate);
        return compact(job, charsDiv4, () => 0);
      },
    };
    const many = withChoices({ compactor: counting });
    while ((await many.usage.execute(owner, thread)).usagePct < 77) await many.say(owner, thread, line(0));
    await Promise.all(Array.from({ length: 6 }, (_, n) => many.say(owner, thread, line(n))));
    expect(compactions).to.equal(1);
    await checkStored();
  });

  it('refuses with 503 append_contended after losing the race five times, and stores nothing', async () => {
    const { conversations } = database;
    let tries = 0;
    const contended = conversing({
      ...database,
      unitOfWork: database.unitOfWork,
      threads: database.threads,
      conversations: Object.assign(Object.create(conversations), {
        append: async () => {
          tries += 1;
          return undefined;
        },
      }),
    });
    expect(await refusalOf(contended.say(owner, thread, 'hello'))).to.equal('append_contended');
    expect(tries).to.equal(5);
    await checkStored();
  });

  it('changes nothing if a compaction fails, and accepts the next append', async () => {
    let broken = true;
    const failing: Compactor = {
      compact: async (job) => {
        if (broken) throw new Error('the worker is gone');
        return compact(job, charsDiv4, () => 0);
      },
    };
    const own = withChoices({ compactor: failing });
    while ((await own.usage.execute(owner, thread)).usagePct < 77) await own.say(owner, thread, line(0));
    const before = await database.conversations.snapshot(thread);
    expect((await failureOf(own.say(owner, thread, line(1).repeat(3)))) as Error).to.have.property(
      'message',
      'the worker is gone',
    );
    expect(await database.conversations.snapshot(thread)).to.deep.equal(before);
    broken = false;
    expect((await own.say(owner, thread, line(1).repeat(3))).compaction).not.to.equal(null);
  });

  it('recounts a thread after a change of estimator, and adds later messages to the new size', async () => {
    for (let n = 0; n < 5; n += 1) await talk.say(owner, thread, line(n));
    const estimator = await loadEstimator('o200k_base');
    const recounted = withChoices({ estimator });
    const usage = await recounted.usage.execute(owner, thread);
    const { window } = await recounted.window.execute(owner, thread);
    const tokens = window.entries.reduce((sum, entry) => sum + estimator.size(countedText(entry)), 0);
    expect(usage).to.include({ estimator: 'o200k_base', approxTokens: tokens });
    const appended = await recounted.say(owner, thread, 'six tokens more, or so');
    expect(appended.usage.approxTokens).to.equal(tokens + estimator.size('six tokens more, or so'));
    const back = await talk.usage.execute(owner, thread);
    expect(back.estimator).to.equal('chars_div_4');
    await talk.say(owner, thread, 'and back again');
  });

  it('counts text that looks like a control token as text', async () => {
    const estimator = await loadEstimator('o200k_base');
    expect(estimator.size('<|endoftext|>')).to.be.greaterThan(1);
  });

  describe('with compaction switched off', () => {
    it('accepts messages up to the whole budget, then refuses with 413 until a manual compaction', async () => {
      const off = withChoices({ policy: { automatic: false } });
      let appended = 0;
      for (; ; appended += 1) {
        const [outcome] = await Promise.allSettled([off.say(owner, thread, line(appended))]);
        if (outcome.status === 'fulfilled') continue;
        expect(outcome.reason.code).to.equal('context_budget_unreachable');
        break;
      }
      const usage = await off.usage.execute(owner, thread);
      expect(usage).to.include({ messageCount: appended, compactionPending: true, revision: 0 });
      expect(usage.usagePct).to.be.within(95, 100);
      const done = await off.compact.execute(owner, { threadId: thread, dryRun: false, strategies: null });
      expect(done.usage.usagePct).to.be.at.most(60);
      expect((await off.say(owner, thread, line(0))).message.seq).to.equal(appended + 1);
    });
  });

  it('retains a message that is appended during a manual compaction', async () => {
    for (let n = 0; n < 20; n += 1) await talk.say(owner, thread, line(n));
    const meanwhile: Compactor = {
      compact: async (job) => {
        await talk.say(owner, thread, 'Wait, what was that noise?');
        return compact(job, charsDiv4, () => 0);
      },
    };
    const done = await withChoices({ compactor: meanwhile }).compact.execute(owner, {
      threadId: thread,
      dryRun: false,
      strategies: null,
    });
    expect(done.usage.messageCount).to.equal(21);
    const { window } = await talk.window.execute(owner, thread);
    expect(window.entries.at(-1)).to.include({ kind: 'message', content: 'Wait, what was that noise?' });
    await checkStored();
  });

  it('records one event for each success when two manual compactions race', async () => {
    for (let n = 0; n < 20; n += 1) await talk.say(owner, thread, line(n));
    const both = await Promise.allSettled(
      [1, 2].map(() => talk.compact.execute(owner, { threadId: thread, dryRun: false, strategies: ['window'] })),
    );
    const events = await database.conversations.events(thread, { limit: 10 });
    const done = both.filter((one) => one.status === 'fulfilled').length;
    expect(events).to.have.length(done);
    expect(events.map(({ id }) => id)).to.deep.equal(Array.from({ length: done }, (_, i) => done - i));
    await checkStored();
  });
});
