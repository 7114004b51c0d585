/** Compaction stays bounded: many messages, giant messages, hostile texts. */
import { expect } from 'chai';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import { compact } from '#domain/conversations/compaction/chain.ts';
import { artefactsIn } from '#domain/conversations/compaction/window/artefacts.ts';
import { charsDiv4, ESTIMATOR_NAMES, type Estimator, usagePct } from '#domain/conversations/usage.ts';
import { verbatim, windowOf } from '#domain/conversations/window.ts';
import { sentencesOf } from '#domain/text/sentences.ts';
import {
  type Conversation,
  conversationWith,
  defaultPolicy,
  draftOf,
  policyOf,
  said,
} from '../../../support/builders/appending.ts';
import type { Line } from '../../../support/builders/transcripts.ts';
import { expectAccounted, expectWithinBudget } from '../../../support/invariants/invariants.ts';
import { isFull } from '../../../support/reporting/rounds.ts';

const SIZE = 200_000;

/** Texts that make careless scanning quadratic or worse. */
const hostile: Readonly<Record<string, string>> = {
  'one sentence of prose': 'and then the goblin ran '.repeat(SIZE / 24),
  'one word': 'a'.repeat(SIZE),
  base64: 'QUJDREVGR0g='.repeat(SIZE / 12),
  'dots without end': '.'.repeat(SIZE),
  'dots and letters': '.a'.repeat(SIZE / 2),
  'spaced dots': '. '.repeat(SIZE / 2),
  'spaces before a letter': `${' '.repeat(SIZE)}x`,
  'opening parentheses': '('.repeat(SIZE),
  'opening brackets': '{'.repeat(SIZE),
  'brackets and quotes': '{"'.repeat(SIZE / 2),
  backslashes: `{"${'\\'.repeat(SIZE)}`,
  fences: '```\n'.repeat(SIZE / 4),
  'a fence and spaces': `\`\`\`${' '.repeat(SIZE)}x`,
  'fences in a line': '```'.repeat(SIZE / 3),
  newlines: '\n'.repeat(SIZE),
  'table rows': '|\n'.repeat(SIZE / 2),
  digits: '1'.repeat(SIZE),
  'digits and dots': '1.'.repeat(SIZE / 2),
  'apostrophes and letters': "a'".repeat(SIZE / 2),
  'combining characters': `e${'\u0301'.repeat(SIZE)}`,
  'emoji families': '👩‍👩‍👧‍👦'.repeat(SIZE / 11),
  flags: '🇩🇪'.repeat(SIZE / 4),
  Chinese: '龍が城を襲う'.repeat(SIZE / 6),
  abbreviations: 'Mr. '.repeat(SIZE / 4),
  quotes: '"? "! '.repeat(SIZE / 6),
};

/** How many compactions it takes to append so many lines. */
function appendAll(conversation: Conversation, by: Estimator, count: number, lineAt: (i: number) => Line): number {
  let compactions = 0;
  for (let i = 0; i < count; i++) {
    const appended = conversation.append(lineAt(i));
    expect(usagePct(appended.after.size, defaultPolicy, by)).to.be.below(defaultPolicy.triggerPct);
    if (appended.compacted !== null) compactions++;
  }
  return compactions;
}

describe('Compaction of many and of large messages', function () {
  this.timeout(isFull ? 600_000 : 120_000);

  for (const name of ESTIMATOR_NAMES) {
    // A tenth of what is counted by a vocabulary: counting is what takes the time.
    const [short, long] = isFull || name === 'chars_div_4' ? [100_000, 10_000] : [10_000, 1_000];

    it(`P10 bounded: stays below the trigger through ${short} messages of 5 to 20 characters, by ${name}`, async () => {
      const by = await loadEstimator(name);
      const conversation = conversationWith(defaultPolicy, by);
      const words = 'roll hit miss dragon seven sword 17 north'.split(' ');
      const lineAt = (i: number) => said(`${words[i % 8]} ${words[(i * 7) % 8]!.slice(0, 5)} ${i % 1000}`);
      const compactions = appendAll(conversation, by, short, lineAt);
      // One compaction leads from 2 000 entries down to 1 500: it must not run for every message.
      expect(compactions).to.be.within(short / 1_250, short / 400);
      expectAccounted(conversation.window, short, by);
    });

    it(`P10 bounded: stays below the trigger through ${long} long messages, by ${name}`, async () => {
      const by = await loadEstimator(name);
      const conversation = conversationWith(defaultPolicy, by);
      const lineAt = (i: number) =>
        said(`The ${i}th room holds ${i % 37} goblins. Grog charges them. `.repeat(1 + (i % 23)));
      appendAll(conversation, by, long, lineAt);
      expectAccounted(conversation.window, long, by);
    });
  }

  it('P10 bounded: counts less than twelve times the characters for a window ten times as large', () => {
    const counted = (maxTokens: number) => {
      let characters = 0;
      const size = (text: string) => {
        characters += text.length;
        return text.length;
      };
      const policy = policyOf({ maxTokens, maxEntries: 1_000_000 });
      const entries = Array.from({ length: maxTokens / 20 }, (_, i) =>
        verbatim(
          draftOf(said(`Room ${i}: the goblin number ${i * 7} waits here. It is dark and ${i} steps wide.`), charsDiv4),
          i + 1,
          false,
        ),
      );
      const goal = { maxSize: maxTokens * 2, maxEntries: 1_000_000 };
      compact({ window: windowOf(null, 0, entries), policy, goal, appending: true }, { ...charsDiv4, size }, () => 0);
      return characters;
    };
    expect(counted(200_000) / counted(20_000)).to.be.below(12);
  });

  for (const [name, text] of Object.entries(hostile)) {
    it(`splits 200 000 characters of ${name} into ordered spans, and fits long messages of it into the budget`, () => {
      const spans = sentencesOf(text);
      for (const [i, span] of spans.entries()) {
        if (span.end <= span.start || span.start < (spans[i - 1]?.end ?? 0))
          expect.fail(`sentence ${i} is out of place`);
      }
      for (const artefact of artefactsIn({ role: 'user', content: text }, 1_500)) {
        expect(artefact.end).to.be.within(artefact.start + 1_500, text.length);
      }
      const policy = policyOf({ maxTokens: 80_000 });
      const conversation = conversationWith(policy);
      for (const line of [
        said('Before.'),
        said(text.slice(0, 180_000)),
        said(text.slice(0, 180_000)),
        said('After.'),
      ]) {
        expectWithinBudget(conversation.append(line), policy);
      }
      expectAccounted(conversation.window, 4);
    });
  }
});
