/** Terms, queries, ranking and snippets: the same on every store, linear in what they are given. */
import { expect } from 'chai';
import fc from 'fast-check';
import { searchQuery } from '#domain/text/search-query.ts';
import { matchOf, scoresOf, type TextMatch } from '#domain/text/search-ranking.ts';
import { termsOf } from '#domain/text/search-terms.ts';
import { snippetOf } from '#domain/text/snippet.ts';

const written = (text: string) => termsOf(text).map(({ term }) => term);
const anything = fc.string({ unit: 'grapheme', maxLength: 200 });

describe('termsOf', () => {
  it('folds case, accents and width, and parts words at every mark', () => {
    expect(written("Grog's CAFÉ: 1,250 gp — straße, Ｑ１")).to.deep.equal([
      'grog',
      'cafe',
      '1',
      '250',
      'gp',
      'strasse',
      'q1',
    ]);
    expect(written('Ёлка ΣΑΣ Œuvre İzmir')).to.deep.equal(['елка', 'σασ', 'oeuvre', 'izmir']);
  });

  it('gives each character of a run without spaces with the next one, and the last by itself', () => {
    expect(written('开门ab が드래곤')).to.deep.equal(['开门', '门', 'ab', 'が드', '드래', '래곤', '곤']);
    expect(written('🐉🐉')).to.deep.equal(['🐉🐉', '🐉']);
  });

  it('gives terms of letters, digits and what is no ASCII, at places that follow each other in the text', () => {
    fc.assert(
      fc.property(anything, (text) => {
        let from = -1;
        for (const { term, start, end } of termsOf(text)) {
          expect(term).to.match(/^[\p{L}\p{N}\u0080-\u{10ffff}]+$/u);
          expect(start).to.be.greaterThan(from);
          expect(end).to.be.within(start + 1, text.length);
          from = start;
        }
      }),
    );
  });

  it('reads of a long text the beginning alone, and no word is without an end', () => {
    expect(termsOf('ab '.repeat(70_000))).to.have.length(16_000);
    expect(termsOf('x'.repeat(300_000)).every(({ term }) => term.length <= 64)).to.equal(true);
    expect(termsOf('x'.repeat(300_000)).at(-1)?.end).to.equal(200_000);
  });
});

describe('searchQuery', () => {
  it('finds a text by any part of it between marks', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const query = searchQuery(text.replaceAll(/["“”„«»]/gu, ' '));
        if (query.length > 0) expect(matchOf(query, text.replaceAll(/["“”„«»]/gu, ' '), 'all')).not.to.equal(null);
      }),
    );
  });

  it('takes a last word of three letters or more for a beginning, unless something ends it', () => {
    const prefixes = (text: string) => searchQuery(text).map(({ prefix }) => prefix);
    expect(prefixes('the dra')).to.deep.equal([false, true]);
    expect(prefixes('dr')).to.deep.equal([false]);
    expect(prefixes('dra ')).to.deep.equal([false]);
    expect(prefixes('"dra"')).to.deep.equal([false]);
    expect(prefixes('门')).to.deep.equal([true]);
  });

  it('takes a quote without its partner for white space', () => {
    expect(searchQuery('"old man')).to.deep.equal([
      { terms: ['old'], prefix: false },
      { terms: ['man'], prefix: true },
    ]);
    expect(searchQuery('say „old man“ now ')).to.have.length(3);
  });
});

describe('matchOf and scoresOf', () => {
  const match = (query: string, text: string) => matchOf(searchQuery(query), text, 'any') as TextMatch;

  it('counts whole words over beginnings, more over fewer, and short texts over long ones', () => {
    const texts = ['drag', 'dragon', 'drag drag', `drag ${'and more '.repeat(20)}`];
    const [whole, beginning, twice, long] = scoresOf(texts.map((text) => match('drag', text)));
    expect(whole).to.be.greaterThan(beginning as number);
    expect(twice).to.be.greaterThan(whole as number);
    expect(long).to.be.lessThan(whole as number);
  });

  it('counts a word that few of the texts have over one that all have', () => {
    const texts = ['a rare bird', 'a bird', 'a bird', 'a rare'];
    const scores = scoresOf(texts.map((text) => match('"rare" "bird"', text)));
    expect(scores[3]).to.be.greaterThan(scores[1] as number);
    expect(scores[0]).to.be.greaterThan(scores[3] as number);
  });
});

describe('snippetOf', () => {
  it('gives a piece of the text in which every highlight is what was found, and splits no character', () => {
    const parts = fc.array(fc.constantFrom('rune ', 'word ', '🐉', '中', '\n', 'é', 'x'.repeat(50)), { maxLength: 80 });
    fc.assert(
      fc.property(parts, (words) => {
        const text = `${words.join('')}rune`;
        const { spans } = matchOf(searchQuery('"rune"'), text, 'all') ?? { spans: [] };
        if (spans.length === 0) return;
        const snippet = snippetOf(text, spans);
        expect(snippet.text.length).to.be.at.most(242);
        expect(snippet.text.isWellFormed()).to.equal(true);
        expect(snippet.highlights).not.to.have.length(0);
        for (const { start, end } of snippet.highlights) expect(snippet.text.slice(start, end)).to.match(/^rune/);
      }),
    );
  });

  it('shows where most was found, and marks what is left out', () => {
    const text = `key ${'and on '.repeat(60)}key key ${'and on '.repeat(60)}`;
    const snippet = snippetOf(text, (matchOf(searchQuery('"key"'), text, 'all') as TextMatch).spans);
    expect(snippet.text).to.match(/^….*key key.*…$/s);
    expect(snippet.highlights).to.have.length(2);
  });
});
