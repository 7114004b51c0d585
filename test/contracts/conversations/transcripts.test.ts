/** Real transcripts through the use cases: what every store makes of them is what the domain alone makes of them. */
import { expect } from 'chai';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import { ESTIMATOR_NAMES, type Estimator } from '#domain/conversations/usage.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { DomainError } from '#domain/shared/domain-error.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { conversationWith, policyOf } from '../../support/builders/appending.ts';
import { actorFor, type Conversing, conversing } from '../../support/builders/conversing.ts';
import { aUser } from '../../support/builders/records.ts';
import {
  chatTranscripts,
  type Line,
  playTranscripts,
  type Transcript,
  transcriptsInUse,
} from '../../support/builders/transcripts.ts';
import { expectAccounted, expectWithinBudget } from '../../support/invariants/invariants.ts';
import { isFull } from '../../support/reporting/rounds.ts';

const policy = policyOf({ maxTokens: 1_000 });
/** So much of a session is compacted several times. */
const SAMPLED_LINES = 120;

/** All of them with TEST_ROUNDS=full; otherwise a session and two chats, others for each estimator. */
function taken(turn: number): readonly Transcript[] {
  const [plays, chats] = [playTranscripts(), chatTranscripts()];
  if (isFull) return [...plays, ...chats];
  const some = [plays[turn % plays.length]!, ...chats.filter((_, i) => i % 17 === turn)];
  return some.map(({ title, lines }) => ({ title, lines: lines.slice(0, SAMPLED_LINES) }));
}

contract('Conversations of transcripts', ON_RECORD_STORES, recordStores, (stores) => {
  let owner: UserActor;

  beforeEach(async () => {
    const user = aUser({ roles: [] });
    await stores().unitOfWork.run(({ users }) => users.add(user));
    owner = actorFor(user.id);
  });

  /** The code that it is refused with; null where it is appended. */
  async function append(talk: Conversing, threadId: ThreadId, line: Line): Promise<string | null> {
    const message = { ...line, threadId, pinned: false, metadata: {} };
    return talk.append.execute(owner, message).then(
      () => null,
      ({ code }: DomainError) => code,
    );
  }

  async function say({ title, lines }: Transcript, by: Estimator): Promise<void> {
    const talk = conversing(stores(), { policy, estimator: by });
    const systemPrompt = 'You are the keeper of this table.';
    const { id } = await talk.start.execute(owner, { title: null, gameId: null, systemPrompt });
    const alone = conversationWith(policy, by, systemPrompt);
    for (const [i, line] of lines.entries()) {
      const { window } = alone;
      const refused = await append(talk, id, line);
      if (refused === null) expectWithinBudget(alone.append(line), policy, by);
      else
        expect(() => alone.append(line), title)
          .to.throw()
          .with.property('code', refused);
      if (refused === null && alone.window.entries.length > window.entries.length && i < lines.length - 1) continue;
      const { entries, thread } = (await stores().conversations.snapshot(id))!;
      expect(JSON.stringify(entries), `${title}, line ${i + 1}`).to.equal(JSON.stringify(alone.window.entries));
      expect([thread.windowSize, thread.revision]).to.deep.equal([alone.window.size, alone.revisions.length]);
      expectAccounted({ systemPrompt, entries, size: thread.windowSize }, thread.lastSeq, by);
    }
  }

  for (const [turn, name] of ESTIMATOR_NAMES.entries()) {
    it(`P1 accounting, P3 goal or nothing, P6 deterministic: the same bytes on every store, counted by ${name} (${transcriptsInUse})`, async function () {
      this.timeout(isFull ? 3_600_000 : 60_000);
      const by = await loadEstimator(name);
      for (const transcript of taken(turn)) await say(transcript, by);
    });
  }
});
