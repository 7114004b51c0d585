/** Appending: plainly, at the trigger, in races, after a change of estimator, and with compaction switched off. */
import { expect } from 'chai';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import type { MemoryDatabase } from '#adapters/memory/database.ts';
import type { Compactor } from '#application/conversations/ports.ts';
import { compact } from '#domain/conversations/compaction/chain.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { countedText, seqsOf } from '#domain/conversations/window.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { aPrivateTalk, type Choices, type Conversing, conversing } from '../../support/builders/conversing.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

const line = (n: number) => `Line ${n}: Scanlan sings of the mines under Kraghammer, and Grog hums along to it. `;

/** Far more than the budget of 1 000 tokens. */
const MOST_LINES = 200;

describe('AppendMessage', () => {
  let database: MemoryDatabase;
  let owner: UserActor;
  let thread: ThreadId;
  let talk: Conversing;

  beforeEach(async () => {
    ({ database, owner, talk, thread } = await aPrivateTalk());
  });
  const withChoices = (choices: Choices) => conversing(database, choices);

  /** Says one line again and again until the window takes up this share of the budget. */
  async function fillTo(pct: number, by: Conversing): Promise<void> {
    for (let n = 0; n < MOST_LINES; n += 1) {
      if ((await by.usage.execute(owner, thread)).usagePct >= pct) return;
      await by.say(owner, thread, line(0));
    }
    expect.fail(`${MOST_LINES} lines are less than ${pct} % of the budget.`);
  }

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
    const texts = Array.from({ length: 300 }, (_, n) => line(n));
    const done = await Promise.allSettled(texts.map((text) => talk.say(owner, thread, text)));
    const refused = done.filter((one) => one.status === 'rejected').map(({ reason }) => reason.code);
    expect(refused).to.deep.equal([]);
    const seqs = done.flatMap((one) => (one.status === 'fulfilled' ? [one.value.message.seq] : []));
    expect(seqs.toSorted((a, b) => a - b)).to.deep.equal(seqs.map((_, i) => i + 1));
    const stored = await database.conversations.messages(thread, { limit: 400 });
    expect(seqs.map((seq) => stored[seq - 1]?.content)).to.deep.equal(texts);
    expect(await database.conversations.events(thread, { limit: 100 })).to.have.length.greaterThan(3);
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
    await fillTo(77, many);
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
    await talk.say(owner, thread, 'The gate is shut.');
    const before = await database.conversations.snapshot(thread);
    expect(await refusalOf(contended.say(owner, thread, 'hello'))).to.equal('append_contended');
    expect(tries).to.equal(5);
    expect(await database.conversations.snapshot(thread)).to.deep.equal(before);
    expect(await database.conversations.messages(thread, { limit: 9 })).to.have.length(1);
  });

  it('compacts for the message that lands exactly on the trigger, and not for one that is a unit smaller', async () => {
    // 80 % of 1 000 tokens, as it is rounded, begins with 795 tokens: 3 180 characters.
    for (const [last, compacts] of [
      [179, false],
      [180, true],
    ] as const) {
      const { id } = await talk.start.execute(owner, { title: null, gameId: null, systemPrompt: null });
      for (let n = 0; n < 30; n += 1) await talk.say(owner, id, line(n).padEnd(100, '.').slice(0, 100));
      const { compaction } = await talk.say(owner, id, 'x'.repeat(last));
      expect(compaction !== null, `a message of ${last} characters`).to.equal(compacts);
    }
  });

  it('compacts again where another process appended during the compaction, and stays below the trigger', async () => {
    let meanwhile = 0;
    const disturbed: Compactor = {
      compact: async (job) => {
        if (meanwhile++ === 0) await talk.say(owner, thread, 'Wait, what was that noise? '.repeat(30));
        return compact(job, charsDiv4, () => 0);
      },
    };
    await fillTo(57, talk);
    const { message, usage } = await withChoices({ compactor: disturbed }).say(owner, thread, line(1).repeat(12));
    expect(meanwhile).to.equal(2);
    expect(usage.usagePct).to.be.at.most(60);
    const stored = await database.conversations.message(thread, message.seq);
    expect(stored?.content).to.equal(line(1).repeat(12));
    await checkStored();
  });

  it('names a thread after its first message, though it is pinned', async () => {
    await talk.say(owner, thread, 'The vault of Thordak', true);
    expect((await database.threads.find(thread))?.title).to.equal('The vault of Thordak');
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
    await fillTo(77, own);
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
    const last = await talk.say(owner, thread, 'and back again');
    const all = await talk.window.execute(owner, thread);
    const characters = all.window.entries.reduce((sum, { content }) => sum + content.length, 0);
    expect(last.usage).to.include({ estimator: 'chars_div_4', approxTokens: Math.floor(characters / 4) });
  });

  it('recounts the system prompt of a thread without messages after a change of estimator', async () => {
    const systemPrompt = 'You keep the table, and you keep it kindly.';
    const { id } = await talk.start.execute(owner, { title: null, gameId: null, systemPrompt });
    const estimator = await loadEstimator('o200k_base');
    const usage = await withChoices({ estimator }).usage.execute(owner, id);
    expect(usage).to.include({ estimator: 'o200k_base', approxTokens: estimator.size(systemPrompt) });
    const stored = await database.conversations.snapshot(id);
    expect(stored?.thread).to.include({ estimator: 'o200k_base', windowSize: estimator.size(systemPrompt) });
  });

  it('counts text that looks like a control token as text', async () => {
    const estimator = await loadEstimator('o200k_base');
    expect(estimator.size('<|endoftext|>')).to.be.greaterThan(1);
  });

  describe('with compaction switched off', () => {
    it('accepts messages up to the whole budget, then refuses with 413 until a manual compaction', async () => {
      const off = withChoices({ policy: { automatic: false } });
      let [appended, refusal] = [0, ''];
      while (refusal === '' && appended < MOST_LINES) {
        const [outcome] = await Promise.allSettled([off.say(owner, thread, line(appended))]);
        if (outcome.status === 'rejected') refusal = outcome.reason.code;
        else appended += 1;
      }
      expect(refusal).to.equal('context_budget_unreachable');
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

  it('commits one of two manual compactions that race, and the other finds what is left', async () => {
    for (let n = 0; n < 20; n += 1) await talk.say(owner, thread, line(n));
    const begun: string[] = [];
    let release = () => {};
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    // Two processes: each has read the window before the other commits.
    const racing = [1, 2].map((n) =>
      withChoices({
        compactor: {
          compact: async (job) => {
            begun.push(`${n} from ${job.window.size}`);
            if (begun.length === 2) release();
            await both;
            return compact(job, charsDiv4, () => 0);
          },
        },
      }).compact.execute(owner, { threadId: thread, dryRun: false, strategies: ['window'] }),
    );
    const done = await Promise.allSettled(racing);
    const won = done.flatMap((one) => (one.status === 'fulfilled' && !one.value.dryRun ? [one.value.event] : []));
    const refused = done.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    expect(won.length + refused.length).to.equal(2);
    for (const code of refused) expect(code).to.equal('nothing_to_compact');
    // Whoever lost the race began anew, from the window that the other left.
    expect(begun).to.have.length(3);
    expect(new Set(begun.slice(0, 2).map((one) => one.split(' from ')[1])).size).to.equal(1);
    expect(begun[2]?.split(' from ')[1]).not.to.equal(begun[0]?.split(' from ')[1]);
    const events = await database.conversations.events(thread, { limit: 10 });
    expect(events).to.deep.equal(won.toSorted((a, b) => b.id - a.id));
    expect(events.length).to.be.greaterThan(0);
    await checkStored();
  });

  it('rehearses one compaction of a user at a time, and refuses beyond a few with 503', async () => {
    for (let n = 0; n < 20; n += 1) await talk.say(owner, thread, line(n));
    const [running, gate] = [{ now: 0, most: 0 }, Promise.withResolvers<void>()];
    const compactor: Compactor = {
      compact: async (job) => {
        running.now += 1;
        running.most = Math.max(running.most, running.now);
        await gate.promise;
        running.now -= 1;
        return compact(job, charsDiv4, () => 0);
      },
    };
    const slow = withChoices({ compactor });
    const input = { threadId: thread, dryRun: true, strategies: null };
    const waiting = Array.from({ length: 4 }, () => slow.compact.execute(owner, input));
    await new Promise(setImmediate);
    expect(await refusalOf(slow.compact.execute(owner, input))).to.equal('compaction_busy');
    gate.resolve();
    expect((await Promise.all(waiting)).every(({ dryRun }) => dryRun)).to.equal(true);
    expect(running.most).to.equal(1);
    expect((await slow.compact.execute(owner, input)).dryRun).to.equal(true);
  });
});
