/** Questions, as they are read. */
import { expect } from 'chai';
import { questionOf, soughtTerms } from '#domain/retrieval/finding/question.ts';

describe('A question', () => {
  it('is the stems of its words, each once, without those that say nothing', () => {
    const { words } = questionOf('How do Goblins and a goblin attack the goblins’ boss?');
    expect(words.map(({ term, base }) => [term, base])).to.deep.equal([
      ['goblin', 'goblin'],
      ['attack', 'attack'],
      ['boss', 'boss'],
    ]);
  });

  it('tells names, which have a capital within a sentence, from words that begin one', () => {
    const names = (text: string) => questionOf(text).words.flatMap(({ base, isName }) => (isName ? [base] : []));
    expect(names('Goblins live in Waterdeep. Goblins also eat "Beholders"?')).to.deep.equal(['waterdeep', 'beholder']);
  });

  it('counts words of asking less than those that are asked about', () => {
    const weights = questionOf('What happens when a goblin dies?').words.map(({ weight }) => weight);
    expect(weights[0]).to.be.lessThan(weights[1]!);
  });

  it('may be the name of a heading, with and without the words that say nothing', () => {
    expect(questionOf('What is grappling?').whole).to.deep.equal(['=what is grappl', '=grappl']);
  });

  it('has the names that a heading may have: words that follow each other, and say something', () => {
    expect(questionOf('the chain of command').names).to.include.members(['=chain', '=chain of command', '=command']);
    expect(questionOf('the chain of command').names).not.to.include.members(['=the', '=of']);
  });

  it('is looked up by a bounded number of terms, however long it is', () => {
    const long = Array.from({ length: 5_000 }, (_, at) => `word${at}`).join(' ');
    expect(soughtTerms(questionOf(long)).length).to.be.lessThan(200);
    expect(soughtTerms(questionOf(''))).to.deep.equal([]);
  });
});
