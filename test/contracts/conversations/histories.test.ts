/** What holds of conversations whatever happens to them, in whichever order: on every store, in what is stored. */
import { expect } from 'chai';
import fc from 'fast-check';
import { EmbeddedContexts } from '#adapters/embedded/contexts.ts';
import { withCopies } from '#application/conversations/context/with-copies.ts';
import type { Estimator } from '#domain/conversations/usage.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { actorFor, type Conversing, conversing } from '../../support/builders/conversing.ts';
import { History, type Step } from '../../support/builders/history.ts';
import { everyEstimator } from '../../support/builders/playing.ts';
import { at, aUser } from '../../support/builders/records.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';
import { rounds } from '../../support/reporting/rounds.ts';

const say = fc.record({ kind: fc.constant('say' as const), words: fc.nat(400), pinned: fc.constant(false) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: say },
  { weight: 1, arbitrary: say.map((said) => ({ ...said, pinned: true })) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('pin' as const, 'unpin' as const), back: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prompt' as const), characters: fc.nat(600) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('compact' as const, 'undo' as const) }) },
);

contract('Conversations to which anything may happen', ON_RECORD_STORES, recordStores, (stores) => {
  let owner: UserActor;
  let talks: readonly Conversing[];
  /** The same, for each estimator. */
  let talksBy: ReadonlyMap<Estimator, readonly Conversing[]>;

  beforeEach(async () => {
    const user = aUser({ roles: [] });
    owner = actorFor(user.id);
    await stores().unitOfWork.run(({ users }) => users.add(user));
    const contexts = new EmbeddedContexts({ clock: { now: () => at(0) }, ttlMs: 60_000 });
    const copied = { ...stores(), conversations: withCopies({ conversations: stores().conversations, contexts }) };
    // Two servers, one of which holds copies of windows.
    const counting = (estimator: Estimator) => [
      conversing({ ...stores(), ...copied }, { estimator }),
      conversing(stores(), { estimator }),
    ];
    talksBy = new Map((await everyEstimator()).map((estimator) => [estimator, counting(estimator)]));
    talks = [...talksBy.values()][0]!;
  });

  async function begin(by?: Estimator): Promise<Readonly<{ history: History; thread: ThreadId }>> {
    const talk = (by === undefined ? talks : talksBy.get(by)!)[0]!;
    const { id } = await talk.start.execute(owner, { title: null, gameId: null, systemPrompt: 'Be brief.' });
    return { history: new History(stores(), talk, owner, id, by), thread: id };
  }

  /** Talks until the window has been compacted, and answers the id of the event. */
  async function talkUntilCompaction(thread: ThreadId): Promise<number> {
    for (let n = 0; n < 200; n += 1) {
      const { compaction } = await talks[0]!.say(owner, thread, `${n}: Scanlan sings of the mines. `.repeat(8));
      if (compaction !== null) return compaction.id;
    }
    throw new Error('No compaction within 200 messages.');
  }

  it('P1 accounting, P3 nothing where refused, P4 protected, P5 undo is exact: after every step of any history', async function () {
    this.timeout(120_000);
    const histories = fc.array(step, { minLength: 20, maxLength: 45, size: 'max' });
    await fc.assert(
      fc.asyncProperty(histories, fc.constantFrom(...talksBy.keys()), async (steps, by) => {
        const { history } = await begin(by);
        for (const one of steps) await history.take(one);
      }),
      { numRuns: 4 * rounds(20), endOnFailure: true },
    );
  });

  it('P8 concurrent: of two undos that race one is done, and the other finds it done', async () => {
    for (let round = 0; round < rounds(20); round += 1) {
      const { history, thread } = await begin();
      const id = await talkUntilCompaction(thread);
      const done = await Promise.allSettled(talks.map((talk) => talk.undo.execute(owner, thread, id)));
      const refused = done.flatMap((one) => (one.status === 'rejected' ? one.reason.code : []));
      expect(refused).to.deep.equal(['not_latest']);
      expect((await history.stored()).thread.revision).to.equal(2);
      await history.check();
    }
  });

  it('P8 concurrent: an undo and appends lose nothing of each other', async () => {
    for (let round = 0; round < rounds(20); round += 1) {
      const { history, thread } = await begin();
      const id = await talkUntilCompaction(thread);
      const { lastSeq } = (await history.stored()).thread;
      const [undone, ...said] = await Promise.all([
        talks[0]!.undo.execute(owner, thread, id),
        ...[0, 1, 0, 1].map((n) => talks[n]!.say(owner, thread, 'And on.')),
      ]);
      expect(undone.event.kind).to.equal('undone');
      const seqs = said.map(({ message }) => message.seq).toSorted((a, b) => a - b);
      expect(seqs).to.deep.equal([1, 2, 3, 4].map((n) => lastSeq + n));
      await history.check();
    }
  });

  it('P8 concurrent: a pin that was set stays word for word, whichever compaction it raced', async () => {
    for (let round = 0; round < rounds(20); round += 1) {
      const { history, thread } = await begin();
      for (let n = 0; n < 12; n += 1) await talks[0]!.say(owner, thread, `${n}: Grog counts 40 gold. `.repeat(8));
      const pin = talks[1]!.pin.execute(owner, { threadId: thread, seq: 1, pinned: true });
      const compaction = talks[0]!.compact.execute(owner, { threadId: thread, dryRun: false, strategies: null });
      const [pinned] = await Promise.allSettled([pin, compaction]);
      const { entries } = await history.stored();
      const shown = entries.flatMap((entry) => (entry.pinned ? [[entry.kind, entry.fromSeq]] : []));
      if (pinned.status === 'fulfilled') expect(shown).to.deep.equal([['message', 1]]);
      else expect([await refusalOf(pin), shown]).to.deep.equal(['not_verbatim', []]);
      await compaction;
    }
  });
});
