/** What an answer's metadata say of its sources, and what of that is shown. */
import { expect } from 'chai';
import {
  citedDocuments,
  citesLibrary,
  HIDDEN_NOTE,
  isReadable,
  withCitationNumbers,
  withReadableCitations,
} from '#domain/conversations/citations/citations.ts';
import { aMessage, newId } from '../../../support/builders/records.ts';

const [one, other] = [newId('document'), newId('document')];
const citation = (number: number, document_id: string) => ({ number, document_id, source: { title: 'A book' } });
const answer = (...citations: readonly unknown[]) =>
  aMessage(newId('thread'), {
    role: 'assistant',
    authorId: null,
    metadata: { reply_id: newId('reply'), left_out: 0, citations },
  });

describe('Citations of a message', () => {
  it('are those of an answer of the model alone', () => {
    const message = answer(citation(1, one));
    expect(citesLibrary(message)).to.equal(true);
    const forged = [
      { authorId: newId('user') },
      { role: 'user' },
      { metadata: { citations: [citation(1, one)] } },
      { metadata: { reply_id: newId('reply'), citations: 'all' } },
      { metadata: { reply_id: newId('reply'), citations: [] } },
    ] as const;
    for (const fields of forged) {
      const told = { ...message, ...fields };
      expect(citesLibrary(told)).to.equal(false);
      expect(withReadableCitations(told, new Set())).to.equal(told);
      expect(citedDocuments(told)).to.deep.equal([]);
    }
  });

  it('may be read where each of their documents may', () => {
    const message = answer(citation(1, one), citation(3, other), citation(2, one));
    expect(citedDocuments(message)).to.deep.equal([one, other]);
    expect(isReadable(message, new Set([one, other]))).to.equal(true);
    expect(isReadable(message, new Set([one]))).to.equal(false);
    for (const nameless of [null, 'x', {}, { number: 1, note: HIDDEN_NOTE }, citation(1, 'doc_\u0000')])
      expect(isReadable(answer(nameless), new Set([one, other])), JSON.stringify(nameless)).to.equal(false);
  });

  it('keep their numbers, and nothing else, where they may not be read', () => {
    const message = answer(citation(1, one), citation(3, other), 'x');
    const shown = withReadableCitations(message, new Set([one]));
    const { citations, ...more } = shown.metadata;
    expect(citations).to.deep.equal([
      citation(1, one),
      { number: 3, note: HIDDEN_NOTE },
      { number: null, note: HIDDEN_NOTE },
    ]);
    expect(more).to.have.all.keys('reply_id', 'left_out');
    expect(withCitationNumbers(message).metadata.citations).to.deep.equal([
      { number: 1 },
      { number: 3 },
      { number: null },
    ]);
  });
});
