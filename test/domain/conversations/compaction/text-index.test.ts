/** What is known of the sentences of a window before any is chosen. */
import { expect } from 'chai';
import { indexWindow } from '#domain/conversations/compaction/summary/text-index.ts';
import { fromWindow } from '#domain/conversations/compaction/window/working-window.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import type { Entry, Window } from '#domain/conversations/window.ts';
import { policyOf, said } from '../../../support/builders/appending.ts';
import { windowFrom } from '../../../support/builders/windows.ts';

const options = { goal: { maxSize: 0, maxEntries: 1 }, appending: false, strategies: ['window'] } as const;
const indexOf = (window: Window) => indexWindow(fromWindow(window, policyOf({ keepTail: 0 }), charsDiv4, options));

/** A summary of two messages in front of one that an assistant says who has a name. */
function windowWithSummary(pinned: boolean): Window {
  const content = '[Summary of messages 1-2]\n#1 VOX: The gate is shut.\n#2 ANA: We wait.\n[End of the summary]';
  const { entries, ...rest } = windowFrom([said(''), said(''), said('It opens.', { role: 'assistant', name: 'VOX' })]);
  const summary: Entry = { ...entries[0]!, kind: 'summary', content, toSeq: 2, size: content.length, pinned };
  return { ...rest, entries: [summary, entries[2]!], size: summary.size + entries[2]!.size };
}

describe('The index of a window', () => {
  for (const [what, pinned] of [
    ['that it has read', false],
    ['that is protected, and read only when it is asked for', true],
  ] as const)
    it(`knows who speaks in a summary ${what}: an assistant, where messages of that name are one’s`, () => {
      const window = windowWithSummary(pinned);
      const sentences = indexOf(window).sentencesIn(window.entries[0]!);
      expect(sentences.map(({ origin: { seq, speaker, role } }) => [seq, speaker, role])).to.deep.equal([
        [1, 'VOX', 'assistant'],
        [2, 'ANA', 'user'],
      ]);
    });

  it('remembers the sentences of a shorter form of an entry', () => {
    const window = windowFrom([said('The gate is shut. We wait.')]);
    const index = indexOf(window);
    const shorter = { ...window.entries[0]!, content: 'The gate is shut.' };
    const kept = index.sentencesIn(window.entries[0]!).slice(0, 1);
    index.remember(shorter, kept);
    expect(index.sentencesIn(shorter)).to.equal(kept);
  });
});
