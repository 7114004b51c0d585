/** A word that was typed with two letters in each other's place counts as the one that was meant. */
import { expect } from 'chai';
import { emptyLexicon, isName, type Lexicon } from '#domain/text/lexicon.ts';
import { countSlips } from '#domain/text/slips.ts';
import { hashOf } from '#domain/text/word-hash.ts';
import { lexiconFor, readSentence } from '#domain/text/words.ts';

function read(sentences: readonly string[], lexicon: Lexicon = emptyLexicon()): Lexicon {
  for (const text of sentences) readSentence(lexicon, text, 0, text.length);
  countSlips(lexicon);
  return lexicon;
}
const idOf = (lexicon: Lexicon, word: string) => lexicon.idByHash.get(hashOf(word))!;
const countOf = (lexicon: Lexicon, word: string) => lexicon.sentences[idOf(lexicon, word)];
const often = (sentence: string) => Array.from({ length: 3 }, () => sentence);

describe('Slips', () => {
  it('count as the word that was meant, in any script with letters and in any case', () => {
    const lexicon = read([...often('A humid degree; сидели'), 'Huimd degrese degere, сидеил']);
    expect(['huimd', 'degere', 'сидеил'].map((word) => countOf(lexicon, word))).to.deep.equal([3, 3, 3]);
    expect(countOf(lexicon, 'degrese'), 'another letter').to.equal(1);
  });

  it('say nothing where the word that was meant says nothing, and are no names', () => {
    const lexicon = read(
      ['What about you, Gnia?', ...often('Thanks, Gina!'), ...often('We met Percy.'), 'We met Pecry.'],
      lexiconFor(['Gina']),
    );
    expect(lexicon.stop[idOf(lexicon, 'gnia')]).to.equal(true);
    expect(lexicon.stop[idOf(lexicon, 'pecry')]).to.equal(false);
    expect(['gnia', 'pecry', 'percy'].map((name) => isName(lexicon, idOf(lexicon, name)))).to.deep.equal([
      false,
      false,
      true,
    ]);
  });

  it('are no words of their own: neither short ones, nor those that occur a third as often, nor other orders', () => {
    const lexicon = read([...often('Trial stream who'), 'Trail mastre how', 'Trail']);
    expect(['trail', 'mastre', 'how'].map((word) => countOf(lexicon, word))).to.deep.equal([2, 1, 1]);
  });

  it('are not looked for in numbers and in scripts without spaces', () => {
    const lexicon = read([...often('1234 龍城 ドラゴン'), '1243 城龍 ドラン']);
    expect(countOf(lexicon, '1243')).to.equal(1);
    expect(countOf(lexicon, '城龍')).to.equal(1);
  });
});
