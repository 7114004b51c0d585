/** What is counted of the words that people say, and which of them are names. */
import { expect } from 'chai';
import { emptyLexicon, isName, readSentence } from '#domain/text/lexicon.ts';

/** Each word that was read, in order, in the spelling that is kept of it. */
function wordsOf(...sentences: readonly string[]): readonly (readonly string[])[] {
  const lexicon = emptyLexicon();
  const ids = sentences.map((text) => readSentence(lexicon, text, 0, text.length));
  return ids.map((sentence) => sentence.map((id) => lexicon.spelling[id]!));
}

describe('Words', () => {
  it('are runs of letters and digits, with apostrophes between letters and points between digits', () => {
    expect(wordsOf("don't stop: 1,200.5 gold, 3. ’tis 2d6")).to.deep.equal([
      ["don't", 'stop', '1,200.5', 'gold', '3', 'tis', '2d6'],
    ]);
  });

  it('are the same in any case, with either apostrophe, and without a possessive', () => {
    expect(wordsOf('the ORC’s axe', "the orc's axe, the Orc")).to.deep.equal([
      ['the', 'ORC', 'axe'],
      ['the', 'ORC', 'axe', 'the', 'ORC'],
    ]);
  });

  it('are of at most 32 characters, and pairs of characters in scripts without spaces', () => {
    expect(wordsOf('a'.repeat(70))[0]!.map(({ length }) => length)).to.deep.equal([32, 32, 6]);
    expect(wordsOf('龍が城 城')).to.deep.equal([['龍が', 'が城', '城', '城']]);
  });

  it('are counted once for each sentence, and apart with and without a capital', () => {
    const lexicon = emptyLexicon();
    const [grog] = readSentence(lexicon, 'Grog hits, and Grog runs, and grog is drunk', 0, 43);
    readSentence(lexicon, 'we like Grog and 7 ales', 0, 23);
    readSentence(lexicon, 'so be it', 0, 8);
    expect(lexicon.total).to.equal(3);
    expect([lexicon.sentences[grog!], lexicon.capitalised[grog!], lexicon.lower[grog!]]).to.deep.equal([2, 2, 1]);
    const seven = lexicon.spelling.indexOf('7');
    expect([lexicon.numeric[seven], lexicon.numeric[grog!]]).to.deep.equal([true, false]);
    expect([lexicon.stop[lexicon.spelling.indexOf('and')], lexicon.stop[grog!]]).to.deep.equal([true, false]);
  });

  it('are names if within sentences they have a capital more often than not', () => {
    const lexicon = emptyLexicon();
    for (const text of ['Rest now, Vex', 'we Rest or rest', 'and And And then', 'Pike', 'a Fox, a Fox, a fox'])
      readSentence(lexicon, text, 0, text.length);
    const names = lexicon.spelling.filter((_, id) => isName(lexicon, id));
    expect(names).to.deep.equal(['Vex', 'Fox']);
  });
});
