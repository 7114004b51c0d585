/** The promises of compaction, on generated conversations and on real ones. */
import { expect } from 'chai';
import fc from 'fast-check';
import { compact } from '#domain/conversations/compaction/chain.ts';
import { goalForAppend } from '#domain/conversations/compaction/compaction-plan.ts';
import { checkPins, checkReachable } from '#domain/conversations/compaction/protection.ts';
import { type ContextPolicy, STRATEGY_NAMES } from '#domain/conversations/context-policy.ts';
import { charsDiv4, type Estimator } from '#domain/conversations/usage.ts';
import { verbatim, type Window, withEntry } from '#domain/conversations/window.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import {
  type Appended,
  type Conversation,
  conversationWith,
  draftOf,
  policyOf,
  said,
} from '../../../support/builders/appending.ts';
import { conversation as conversations, type Step } from '../../../support/builders/generated.ts';
import {
  chatTranscripts,
  type Line,
  playTranscripts,
  transcriptsInUse,
} from '../../../support/builders/transcripts.ts';
import {
  expectAccounted,
  expectGroupsWhole,
  expectNoLarger,
  expectProtected,
  expectWellFormed,
  expectWithinBudget,
} from '../../../support/invariants/invariants.ts';
import { expectFaithful } from '../../../support/invariants/words.ts';

const generatedPolicy = fc
  .record({
    maxTokens: fc.constantFrom(300, 1_000, 4_000, 16_000),
    maxEntries: fc.constantFrom(8, 50, 2_000),
    keepTail: fc.constantFrom(0, 1, 4, 12),
    windowTurns: fc.constantFrom(1, 10),
    artifactMinChars: fc.constantFrom(100, 1_500),
    targetPct: fc.constantFrom(30, 60, 75),
    strategies: fc.shuffledSubarray([...STRATEGY_NAMES], { minLength: 4 }),
  })
  .map(policyOf);

/** Counts words about as a tokenizer does: unlike characters, its sizes do not add up when texts are joined. */
const words: Estimator = {
  name: 'o200k_base',
  size: (text) => text.match(/\p{L}{1,6}|\p{N}{1,3}|[^\p{L}\p{N}]/gu)?.length ?? 0,
  tokens: (size) => size,
  sizeOfTokens: (tokens) => tokens,
};

type Watch = (appended: Appended, lines: readonly Line[], before: Conversation) => void;

/** Appends one message as a user would: a pin that has no room is left out. Answers whether it was accepted. */
function appendIfPossible(conversation: Conversation, line: Line, pin: boolean, policy: ContextPolicy, by: Estimator) {
  try {
    const entry = verbatim(draftOf(line, by), conversation.lastSeq + 1, pin);
    const allowed = pin && fits(withEntry(conversation.window, entry), policy, by);
    return conversation.append(line, allowed);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'context_budget_unreachable') return null;
    throw error;
  }
}

function fits(window: Window, policy: ContextPolicy, by: Estimator): boolean {
  try {
    checkPins(window, 'message', policy, by);
    return true;
  } catch {
    return false;
  }
}

/** Plays a conversation; what is refused is left out, a group from there on. */
function play(steps: readonly Step[], policy: ContextPolicy, by: Estimator, watch: Watch): void {
  const conversation = conversationWith(policy, by, 'You are the keeper of this table.');
  const lines: Line[] = [];
  for (const { lines: next, pinned } of steps) {
    for (const line of next) {
      const appended = appendIfPossible(conversation, line, pinned, policy, by);
      if (appended === null) break;
      lines.push(line);
      watch(appended, lines, conversation);
    }
  }
}

function onGenerated(watch: (policy: ContextPolicy, by: Estimator) => Watch): void {
  const estimators = fc.constantFrom(charsDiv4, words);
  fc.assert(
    fc.property(conversations, generatedPolicy, estimators, (steps, policy, by) =>
      play(steps, policy, by, watch(policy, by)),
    ),
    { numRuns: 120, endOnFailure: true },
  );
}

function onReal(watch: (policy: ContextPolicy, by: Estimator) => Watch): void {
  const transcripts = [...playTranscripts().slice(0, 2), ...chatTranscripts().slice(0, 12)];
  for (const { lines } of transcripts) {
    for (const maxTokens of [1_000, 4_000, 16_000]) {
      const policy = policyOf({ maxTokens });
      const steps = lines.slice(0, 1_200).map((line, i) => ({ lines: [line], pinned: i % 97 === 5 }));
      play(steps, policy, charsDiv4, watch(policy, charsDiv4));
    }
  }
}

/** Two tests: one on generated conversations, one on real ones. Only appends that compacted are of interest. */
function promise(title: string, watch: (policy: ContextPolicy, by: Estimator) => Watch): void {
  it(`${title} (generated)`, () => onGenerated(watch));
  it(`${title} (${transcriptsInUse})`, () => onReal(watch));
}

describe('Compaction', function () {
  this.timeout(120_000);

  promise(
    'P1 accounting: represents each message exactly once and in order in every compacted window',
    (_, by) => (appended, lines) => {
      if (appended.compacted === null) return;
      expectAccounted(appended.after, lines.length, by);
      expectFaithful(appended.after, lines);
    },
  );

  promise('P2 monotone: never enlarges a window with any strategy', (policy, by) => ({ before, compacted }) => {
    if (compacted === null) return;
    const goal = { maxSize: 0, maxEntries: 1 };
    for (const name of STRATEGY_NAMES) {
      const job = { window: before, policy, goal, appending: true, strategies: [name] };
      const after = compact(job, by, () => 0).window;
      expectNoLarger(before, after);
      expect(after.size, name).to.be.at.most(before.size);
      expect(after.entries.length, name).to.be.at.most(before.entries.length);
    }
  });

  promise(
    'P3 goal or nothing: ends an accepted append below the trigger, and a compaction at or below the target',
    (policy, by) => {
      return (appended) => expectWithinBudget(appended, policy, by);
    },
  );

  promise(
    'P4 protected: leaves pins with their groups, the prompt, the tail and the new message byte-identical',
    (policy, by) => {
      return (appended) => expectProtected(appended, policy, by);
    },
  );

  promise(
    'P6 deterministic: produces the same bytes from a copy of the same job',
    (policy, by) =>
      ({ before, compacted }) => {
        if (compacted === null) return;
        const job = { window: before, policy, goal: goalForAppend(policy, by), appending: true };
        const again = compact(structuredClone(job), by, () => 0);
        expect(JSON.stringify(again.window)).to.equal(JSON.stringify(compacted.window));
      },
  );

  promise('P7 groups whole: never separates a call from its results', () => (appended, lines) => {
    if (appended.compacted !== null) expectGroupsWhole(appended.after, lines);
  });

  promise('what is stored of a compacted window gives it back, byte for byte', () => ({ after, compacted }) => {
    if (compacted === null) return;
    expect(JSON.stringify(after.entries)).to.equal(JSON.stringify(compacted.window.entries));
    expect(after.size).to.equal(compacted.window.size);
  });

  promise(
    'leaves room for the next ordinary message in any budget that is not tiny',
    (policy, by) => (appended, lines) => {
      // In a tiny budget the names and ids of a few calls, which cannot go, are more than a share.
      if (policy.maxTokens * policy.targetPct < 60_000 || (appended.compacted === null && lines.length % 40 !== 0))
        return;
      const ordinary = 'Grog says: I would like to rage. '.repeat(50);
      const limit = by.sizeOfTokens(Math.floor(policy.maxTokens * 0.05));
      const result = said(ordinary, { role: 'tool', toolCallId: lines.at(-1)!.toolCalls?.[0]?.id ?? null });
      for (const line of [said(ordinary), result]) {
        let content = line.content;
        while (by.size(content) > limit) content = content.slice(0, Math.floor(content.length * 0.9));
        const entry = verbatim(draftOf({ ...line, content }, by), lines.length + 1, false);
        const window = withEntry(appended.after, entry);
        const goal = goalForAppend(policy, by);
        checkReachable(window, goal, policy, by);
        const compacted = compact({ window, policy, goal, appending: true }, by, () => 0);
        expect(compacted.window.size).to.be.at.most(goal.maxSize);
      }
    },
  );

  promise('never splits a surrogate pair', () => (appended) => {
    if (appended.compacted !== null) expectWellFormed(appended.after);
  });
});
