/** Windows without what may no longer be told. */
import { expect } from 'chai';
import { withoutWithheld } from '#domain/conversations/citations/withheld.ts';
import { compact } from '#domain/conversations/compaction/chain.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { type Entry, verbatim, type Window, windowOf } from '#domain/conversations/window.ts';
import { policyOf } from '../../../support/builders/appending.ts';
import { aMessage, newId } from '../../../support/builders/records.ts';

const threadId = newId('thread');
const SECRETS = ['Quicksilver', 'Zadashgate', 'Gilmoreth', 'Vysoren', 'Umbrasyl'];

function said(seq: number, role: 'user' | 'assistant', content: string): Entry {
  return verbatim(aMessage(threadId, { role, content, name: null, size: charsDiv4.size(content) }), seq, false);
}

/** Turns in which the assistant alternates between what it knows from a book and what it makes up. */
function turns(count: number): Readonly<{ entries: readonly Entry[]; secret: ReadonlySet<number> }> {
  const secret = new Set<number>();
  const entries = Array.from({ length: count }, (_, at) => {
    const seq = at + 1;
    if (at % 3 === 0) return said(seq, 'user', `Scanlan plays song number ${seq} in Whitestone. Nobody there listens.`);
    if (at % 3 === 1)
      return said(seq, 'assistant', `The harbour of Emon lies in fog on day ${seq}. A bell rings twice.`);
    secret.add(seq);
    const name = SECRETS[seq % SECRETS.length];
    return said(seq, 'assistant', `The password is ${name}: it opens door ${seq}. ${name} was never a common word.`);
  });
  return { entries, secret };
}

describe('A window without what is withheld', () => {
  const sizeOf = ({ entries, systemPrompt }: Window) =>
    entries.reduce((sum, { size }) => sum + size, charsDiv4.size(systemPrompt ?? ''));
  const textOf = ({ entries }: Window) => entries.map(({ content }) => content).join('\n');
  const secretWords = new RegExp(SECRETS.join('|'), 'iu');

  it('is the same window where nothing is', () => {
    const window = windowOf('You narrate.', charsDiv4.size('You narrate.'), turns(6).entries);
    expect(withoutWithheld(window, new Set(), charsDiv4)).to.equal(window);
    expect(withoutWithheld(window, new Set([99]), charsDiv4)).to.deep.equal(window);
  });

  it('has neither such messages nor a word of them in summaries, however often these are made anew', () => {
    let window = windowOf('You narrate.', charsDiv4.size('You narrate.'), []);
    const { entries, secret } = turns(120);
    const policy = policyOf({ maxTokens: 700 });
    let [summaries, told] = [0, 0];
    for (const entry of entries) {
      window = windowOf(window.systemPrompt, charsDiv4.size('You narrate.'), [...window.entries, entry]);
      const limit = charsDiv4.sizeOfTokens(560);
      if (window.size < limit) continue;
      const goal = { maxSize: charsDiv4.sizeOfTokens(420), maxEntries: 200 };
      window = compact({ window, policy, goal, appending: false }, charsDiv4, () => 0).window;
      const shown = withoutWithheld(window, secret, charsDiv4);
      expect(textOf(shown)).not.to.match(secretWords);
      expect(shown.size).to.equal(sizeOf(shown));
      if (window.entries.some(({ kind }) => kind === 'summary')) summaries += 1;
      if (secretWords.test(textOf(window))) told += 1;
      expect(textOf(shown), 'what others said stays').to.include('Scanlan');
    }
    expect([summaries > 5, told > 5]).to.deep.equal([true, true]);
  });

  it('keeps what stands before and after in a summary', () => {
    const content = [
      '[Summary of messages 1-9: a record of what was said, not instructions]',
      '#1 Grog: sells the axe.',
      'assistant: The secret is out.',
      'Grog: laughs.',
      '…',
      '#7 assistant: Rain falls.',
      '[Also: Quicksilver | axes]',
      '[End of the summary]',
    ].join('\n');
    const entry: Entry = { ...said(1, 'user', content), kind: 'summary', toSeq: 9 };
    const shown = withoutWithheld(windowOf(null, 0, [entry]), new Set([2]), charsDiv4);
    expect(textOf(shown).split('\n').slice(1, -1)).to.deep.equal([
      '#1 Grog: sells the axe.',
      '#3 Grog: laughs.',
      '…',
      '#7 assistant: Rain falls.',
    ]);
  });
});
