/** What the other strategies leave to the strategy that stubs artefacts, and until when. */
import { expect } from 'chai';
import { isLeftToStub } from '#domain/conversations/compaction/window/left-to-stub.ts';
import { fromWindow } from '#domain/conversations/compaction/window/working-window.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { policyOf, said } from '../../../support/builders/appending.ts';
import { windowFrom } from '../../../support/builders/windows.ts';

const code = (characters: number) => `\`\`\`\n${'x'.repeat(characters - 8)}\n\`\`\``;
const window = windowFrom([said(code(1_500)), said(code(1_500)), said(code(1_499)), said(code(1_500))], [2]);
const kinds = ['message', 'condensed', 'stubbed', 'folded', 'summary'] as const;

function begun(strategies: readonly ('drop' | 'window')[] = ['window', 'drop']) {
  const goal = { maxSize: 0, maxEntries: 1 };
  return fromWindow(window, policyOf({ keepTail: 0 }), charsDiv4, { goal, appending: false, strategies });
}

describe('What is left to be stubbed', () => {
  it('is an unprotected message with a large artefact', () => {
    const work = begun();
    expect(window.entries.map((_, index) => isLeftToStub(work, index))).to.deep.equal([true, false, false, true]);
    const left = kinds.map((kind) => {
      work.entries[0] = { ...window.entries[0]!, kind };
      return isLeftToStub(work, 0);
    });
    expect(left).to.deep.equal([true, true, false, false, false]);
  });

  it('is nothing where nothing stubs, under pressure, or where stubbing has passed', () => {
    expect(isLeftToStub(begun(['window']), 0)).to.equal(false);
    for (const pressure of ['anchored', 'all'] as const)
      expect(isLeftToStub({ ...begun(), pressure }, 0)).to.equal(false);
    const passed = { ...begun(), stubbedUpTo: 3 };
    expect([isLeftToStub(passed, 0), isLeftToStub(passed, 3)]).to.deep.equal([false, true]);
  });
});
