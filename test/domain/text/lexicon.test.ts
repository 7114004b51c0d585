/** What is counted of the words that people say, and which of them are names. */
import { expect } from 'chai';
import { emptyLexicon, isName } from '#domain/text/lexicon.ts';
import { lexiconFor, readSentence } from '#domain/text/words.ts';

/** Each word that was read, in order, in the spelling that is kept of it. */
function wordsOf(...sentences: readonly string[]): readonly (readonly string[])[] {
  const lexicon = emptyLexicon();
  const ids = sentences.map((text) => readSentence(lexicon, text, 0, text.length));
  return ids.map((sentence) => sentence.map((id) => lexicon.spelling[id]!));
}

describe('Words', () => {
  it('are runs of letters and digits, with apostrophes between letters and points between digits', () => {
    expect(wordsOf("don't stop: 1,200.5, 3. ’tis 2d6, 2024-05-08 10:30")).to.deep.equal([
      ["don't", 'stop', '1,200.5', '3', 'tis', '2d6', '2024-05-08', '10:30'],
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
    expect(wordsOf('ア'.repeat(40))[0]!.map(({ length }) => length)).to.deep.equal([32, 8]);
    expect(wordsOf('龍が城 城')).to.deep.equal([['龍が', 'が城', '城', '城']]);
  });

  it('say nothing where they join others, in ten languages, but not where they mean something in one of them', () => {
    const joining = 'because nicht avec también perché também niet потому لكن 그리고'.split(' ');
    const meaning = 'die car era son mia com'.split(' ');
    const lexicon = emptyLexicon();
    const read = (words: readonly string[]) => {
      const text = words.join(' ');
      return readSentence(lexicon, text, 0, text.length).map((id) => lexicon.stop[id]);
    };
    expect(read(joining)).to.deep.equal(joining.map(() => true));
    expect(read(meaning)).to.deep.equal(meaning.map(() => false));
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

  it('are with a number what it counts: the word after it, else the one before, or a sign', () => {
    const numbersOf = (text: string) => wordsOf(text)[0]!.filter((word) => /\p{Nd}/u.test(word));
    expect(numbersOf('it takes 18 damage in room 12, am 12. Mai, for $40 or 15km')).to.deep.equal([
      '18 damage',
      'room 12',
      '12. Mai',
      '$40 ',
      '15km',
    ]);
    expect(numbersOf('我有3個りんごと5月8日の2時30分、2024年8月')).to.deep.equal([
      '3個',
      '5月8日',
      '8',
      '2時30分',
      '30',
      '2024',
      '8月',
    ]);
  });

  it('say nothing as bare numbers, single letters, drawn out, or as the names of who speaks', () => {
    const lexicon = lexiconFor(['Melanie Ray', 'Tom']);
    for (const text of ['So 18, 19? Yes, 11 of the in 1492', 'Sooooo hahaha we melanie ray tom', 'It is Q-E, 큰 집'])
      readSentence(lexicon, text, 0, text.length);
    const silent = lexicon.spelling.filter((_, id) => lexicon.stop[id]);
    expect(silent).to.include.members(['18', '19', '11', 'Sooooo', 'hahaha', 'Melanie', 'Ray', 'Tom', 'Q', 'E']);
    for (const word of ['1492', '집']) expect(silent).not.to.include(word);
  });

  it('are runs of Katakana, and no words where they are pairs of grammar', () => {
    expect(wordsOf('ドラゴンが来た')).to.deep.equal([['ドラゴン', 'が来', '来た', 'た']]);
    const lexicon = emptyLexicon();
    readSentence(lexicon, '火山のりんご', 0, 6);
    expect(lexicon.spelling.filter((_, id) => lexicon.weak[id])).to.deep.equal(['のり', 'りん', 'んご', 'ご']);
  });

  it('are no names where most nouns have capitals', () => {
    const lexicon = emptyLexicon();
    const text = 'Dann geht der Hund mit dem Ball und dem Kind in den Garten am Haus, und Anna kommt';
    for (let i = 0; i < 20; i++) readSentence(lexicon, text, 0, text.length);
    expect(lexicon.spelling.filter((_, id) => isName(lexicon, id))).to.deep.equal([]);
  });

  it('are names if within sentences they have a capital more often than not', () => {
    const lexicon = emptyLexicon();
    for (const text of ['Rest now, Vex', 'we Rest or rest', 'and And And then', 'Pike', 'a Fox, a Fox, a fox'])
      readSentence(lexicon, text, 0, text.length);
    const names = lexicon.spelling.filter((_, id) => isName(lexicon, id));
    expect(names).to.deep.equal(['Vex', 'Fox']);
  });
});
