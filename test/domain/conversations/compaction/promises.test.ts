/** The promises of compaction, on generated conversations and on real ones. */
import { expect } from 'chai';
import { compact } from '#domain/conversations/compaction/chain.ts';
import { goalForAppend } from '#domain/conversations/compaction/compaction-plan.ts';
import { checkReachable } from '#domain/conversations/compaction/protection.ts';
import { STRATEGY_NAMES } from '#domain/conversations/context-policy.ts';
import { atTrigger, type Estimator } from '#domain/conversations/usage.ts';
import { countedText, type Entry, verbatim, withEntry } from '#domain/conversations/window.ts';
import { draftOf, said } from '../../../support/builders/appending.ts';
import { everyEstimator, playGenerated, playTranscribed, type Watcher } from '../../../support/builders/playing.ts';
import { transcriptsInUse } from '../../../support/builders/transcripts.ts';
import {
  expectAccounted,
  expectGroupsWhole,
  expectNoLarger,
  expectProtected,
  expectWellFormed,
  expectWithinBudget,
} from '../../../support/invariants/invariants.ts';
import { expectFaithful } from '../../../support/invariants/words.ts';
import { isFull } from '../../../support/reporting/rounds.ts';

let estimators: readonly Estimator[];
let turns = 0;

/** Two tests with every estimator: one on generated conversations, one on transcripts. */
function promise(title: string, watcher: Watcher): void {
  const turn = turns++;
  it(`${title} (generated)`, () => playGenerated(estimators, watcher));
  it(`${title} (${transcriptsInUse})`, () => playTranscribed(estimators, turn, watcher));
}

describe('Compaction', function () {
  this.timeout(isFull ? 3_600_000 : 120_000);

  before(async () => {
    estimators = await everyEstimator();
  });

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

  promise('P5 undo is exact: gives back the window before the latest compaction, and what was said since', () => {
    let expected: readonly Entry[] = [];
    return ({ before, compacted }, lines, conversation) => {
      expected = compacted === null ? [...expected, before.entries.at(-1)!] : before.entries;
      if (conversation.revisions.length === 0 || (compacted === null && lines.length % 7 !== 0)) return;
      expect(JSON.stringify(conversation.undone().entries)).to.equal(JSON.stringify(expected));
    };
  });

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

  promise(
    'P10 bounded: stays below the trigger, and counts no more text than a few times that of the window',
    (policy, by) => {
      let counted = 0;
      const size = (text: string) => {
        counted += text.length;
        return by.size(text);
      };
      return ({ before, after, compacted }) => {
        expect(atTrigger(after.size, 0, policy, by)).to.equal(false);
        if (compacted === null) return;
        counted = 0;
        compact({ window: before, policy, goal: goalForAppend(policy, by), appending: true }, { ...by, size }, () => 0);
        const characters = before.entries.reduce((sum, entry) => sum + countedText(entry).length, 0);
        expect(counted, `of ${characters} characters`).to.be.at.most(10 * characters);
      };
    },
  );

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
