/** Splitting what people say at a table into sentences. */
import { expect } from 'chai';
import fc from 'fast-check';
import { beginningOf, isSafeCut } from '#domain/text/characters.ts';
import { isStageDirection, SENTENCE_MAX_CHARACTERS, sentencesOf } from '#domain/text/sentences.ts';

const split = (text: string) => sentencesOf(text).map(({ start, end }) => text.slice(start, end));

describe('Sentences', () => {
  it('end at full stops, exclamation and question marks, and at line ends', () => {
    expect(split('I run. Wait! Why?\nBecause')).to.deep.equal(['I run.', 'Wait!', 'Why?', 'Because']);
  });

  it('do not end after titles, initials, abbreviations or within numbers', () => {
    const text = 'Mr. Tuttle met St. Ember and J. R. Holt, e.g. at 3.5 miles. Dr. Vex left.';
    expect(split(text)).to.deep.equal(['Mr. Tuttle met St. Ember and J. R. Holt, e.g. at 3.5 miles.', 'Dr. Vex left.']);
  });

  it('continue after an ellipsis before a lower-case letter, and end after one before a capital', () => {
    expect(split('Well... maybe. I think... You go.')).to.deep.equal(['Well... maybe.', 'I think...', 'You go.']);
  });

  it('include closing quotes and the words that name the speaker', () => {
    const text = '"Who goes there?" asks the guard. "Nobody!" She runs.';
    expect(split(text)).to.deep.equal(['"Who goes there?" asks the guard.', '"Nobody!"', 'She runs.']);
  });

  it('do not end after German and Russian abbreviations, nor within ordinals, dates and numbered lists', () => {
    for (const text of [
      'Wir gehen am 3. Mai los.',
      'Der 3. Tag war gut.',
      'Am 12. 5. 2023 war es.',
      'Das ist z. B. Anna, d. h. Anna.',
      'Es war ca. 9 Uhr.',
      'See no. 4 and vol. 2 of it.',
      'Он жил на ул. Ленина.',
      'Дома, поля и т. д. Потом лес.',
    ])
      expect(split(`${text} Ja`), text).to.deep.equal([text, 'Ja']);
    expect(split('1. Go\n2. Stay')).to.deep.equal(['1. Go', '2. Stay']);
  });

  it('end after a number, a short word or a letter that is no abbreviation', () => {
    expect(split('I rolled 18. Then we ran. 19. No. We stay. It was a. Then b.')).to.deep.equal([
      'I rolled 18.',
      'Then we ran.',
      '19.',
      'No.',
      'We stay.',
      'It was a.',
      'Then b.',
    ]);
  });

  it('end after brackets, and after a letter that only follows an abbreviation', () => {
    expect(split('He left (at last). Then rain.')).to.deep.equal(['He left (at last).', 'Then rain.']);
    expect(split('Nimm z.B x. Danach geh.')).to.deep.equal(['Nimm z.B x.', 'Danach geh.']);
  });

  it('do not part a quotation from the words that say whose it is', () => {
    for (const text of ['「行こう。早く。」と彼は言った。', '他说：“走吧。快。”', '“走吧。”他说。'])
      expect(split(`${text}龍が来た。`), text).to.deep.equal([text, '龍が来た。']);
    expect(split('« Non ! Jamais ! » dit-il. « Si ! » Elle part.')).to.deep.equal([
      '« Non ! Jamais ! » dit-il.',
      '« Si ! »',
      'Elle part.',
    ]);
    expect(split('Er sagt: »Nein!« Dann geht er.')).to.deep.equal(['Er sagt: »Nein!«', 'Dann geht er.']);
    expect(split(`「${'行く。'.repeat(80)}」`)).to.have.length(80);
  });

  it('end in scripts without capitals too', () => {
    expect(split('هل تأتي؟ نعم. ثم ذهب.')).to.deep.equal(['هل تأتي؟', 'نعم.', 'ثم ذهب.']);
    expect(split('집에 갔다. 그리고 잤다.')).to.deep.equal(['집에 갔다.', '그리고 잤다.']);
  });

  it('treat a stage direction as a sentence of its own', () => {
    const text = '(laughter) I roll a 17. (sighs)';
    expect(split(text)).to.deep.equal(['(laughter)', 'I roll a 17.', '(sighs)']);
    expect(sentencesOf(text).map((span) => isStageDirection(text, span))).to.deep.equal([true, false, true]);
    const sighs = (characters: number) => `(${'a'.repeat(characters - 5)}! B)`;
    expect(split(sighs(120))).to.deep.equal([sighs(120)]);
    expect(split(sighs(121))).to.have.length(2);
  });

  it('end at full-width punctuation without a following space', () => {
    expect(split('龍が来た。逃げろ！「どこへ？」')).to.deep.equal(['龍が来た。', '逃げろ！', '「どこへ？」']);
  });

  it('keep a fenced block in one piece', () => {
    expect(split('See. ```a\nb. c\n``` Done.')).to.deep.equal(['See.', '```a\nb. c\n```', 'Done.']);
  });

  it('are cut at the maximum length if nothing ends them', () => {
    const spans = sentencesOf('so then we walked on and on, '.repeat(200));
    for (const { start, end } of spans) expect(end - start).to.be.at.most(SENTENCE_MAX_CHARACTERS + 1);
  });

  it('are cut after the last pause within the maximum length, else at a space, but not within a number', () => {
    const cutOf = (pause: string) => split(`${'a'.repeat(250)}${pause}${'b'.repeat(200)}`)[0];
    for (const pause of [',', ';', ':', '–', '—', '、', '，', '；', ' '])
      expect(cutOf(pause), pause).to.equal(`${'a'.repeat(250)}${pause}`.trim());
    expect(split(`${'a'.repeat(200)} ${'b'.repeat(40)},${'c'.repeat(300)}`)[0]).to.have.length(242);
    expect(split(`${'a'.repeat(200)} ${'b'.repeat(40)},5${'c'.repeat(300)}`)[0]).to.have.length(200);
    expect(split('a'.repeat(700)).map(({ length }) => length)).to.deep.equal([320, 320, 60]);
  });

  it('are cut no further back than half of the maximum length, at the last place there', () => {
    const lengths = (text: string) => split(text).map(({ length }) => length);
    expect(lengths(`${'a'.repeat(160)},${'b'.repeat(300)}`)).to.deep.equal([161, 300]);
    expect(lengths(`${'a'.repeat(159)},${'b'.repeat(300)}`)).to.deep.equal([320, 140]);
    expect(lengths(`${'a'.repeat(200)} ${'b'.repeat(40)} ${'c'.repeat(300)}`)).to.deep.equal([241, 300]);
  });

  it('are not cut before what belongs to the character before it', () => {
    expect(split(`${'a'.repeat(250)},\u0301${'b'.repeat(200)}`)[0]).to.have.length(320);
    expect(split(`${'a'.repeat(320)}\u0301${'b'.repeat(200)}`)[0]).to.have.length(321);
  });

  it('keep a quotation of 200 characters in one piece, unless they would be too long with it, and none that is longer', () => {
    const quotation = (before: number, within: number) =>
      `${'あ'.repeat(before)}「${'あ'.repeat(within)}${'行く。'.repeat(66)}」`;
    for (const whole of [quotation(0, 0), quotation(120, 0)]) expect(split(whole)).to.deep.equal([whole]);
    for (const parted of [quotation(0, 1), quotation(121, 0)]) expect(split(parted)).to.have.length(66);
    expect(split('「行く」\n次だ')).to.deep.equal(['「行く」', '次だ']);
  });

  it('end after every mark that ends one, together with what closes them', () => {
    for (const mark of ['.', '!', '?', '…', '?!', '...'])
      expect(split(`It fell${mark} We ran`), mark).to.deep.equal([`It fell${mark}`, 'We ran']);
    for (const mark of ['。', '！', '？', '｡', '।', '！？'])
      expect(split(`龍${mark}城`), mark).to.deep.equal([`龍${mark}`, '城']);
    for (const closer of ['"', "'", '”', '’', '»', ')', ']', '*', '_', '」', '』', '）'])
      expect(split(`It fell.${closer} We ran`), closer).to.deep.equal([`It fell.${closer}`, 'We ran']);
    expect(split('It fell.We ran. "No!" she said. I. We ran on')).to.deep.equal([
      'It fell.We ran.',
      '"No!" she said.',
      'I.',
      'We ran on',
    ]);
  });

  it('omit nothing but whitespace, and split no character, in any text', () => {
    const text = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('. ', '\n', ' (', ')', '"', '…', '👩‍👩‍👧‍👦', 'é'.repeat(400)),
      ),
    );
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('');
        let from = 0;
        for (const { start, end } of sentencesOf(whole)) {
          expect(whole.slice(from, start).trim()).to.equal('');
          expect(isSafeCut(whole, start) || /\s/u.test(whole[start - 1] ?? ' ')).to.equal(true);
          from = end;
        }
        expect(whole.slice(from).trim()).to.equal('');
      }),
    );
  });
});

describe('The beginning of a text', () => {
  it('is a single line, cut at a word boundary if one is near', () => {
    expect(beginningOf('one two\n three four', 12)).to.equal('one two');
    expect(beginningOf('  short ', 12)).to.equal('short');
    expect(beginningOf('abcd efg', 4)).to.equal('abcd');
    expect(beginningOf('abc d', 5)).to.equal('abc d');
  });

  it('keeps a part of its last word where a cut at the word boundary would lose half of the line', () => {
    expect(beginningOf('abc defgh', 4)).to.equal('abc');
    expect(beginningOf('ab cdefgh', 4)).to.equal('ab c');
    expect(beginningOf('abcdefgh', 4)).to.equal('abcd');
  });

  it('may be cut before any code unit but the second of a surrogate pair and what joins the one before', () => {
    const cuts = (text: string) => Array.from({ length: text.length + 1 }, (_, index) => isSafeCut(text, index));
    for (const text of ['a\u{10fc00}', 'a\u{103ff}', 'a\u{dbff}\u{dfff}'])
      expect(cuts(text), escape(text)).to.deep.equal([true, true, false, true]);
    for (const text of ['ab', 'a\u02ff', 'a\u0370', 'a\ue000', 'a\uff5e', '\u0301a', 'a城'])
      expect(cuts(text), escape(text)).to.deep.equal([true, true, true]);
    for (const text of ['a\u0300', 'a\u200d', '\u200da', '\u200d城', 'ᄀ\u1160', 'ᄀ\u11ff'])
      expect(cuts(text), escape(text)).to.deep.equal([true, false, true]);
  });

  it('never splits a character that consists of several code points', () => {
    for (let limit = 1; limit < 40; limit++) {
      for (const text of ['👩‍👩‍👧‍👦'.repeat(9), `e\u0301`.repeat(40), '🇩🇪'.repeat(20), '👍🏽'.repeat(20)]) {
        const beginning = beginningOf(text, limit);
        expect(text.startsWith(beginning)).to.equal(true);
        expect(beginning.length).to.be.at.most(limit);
        expect(isSafeCut(text, beginning.length)).to.equal(true);
      }
    }
  });
});
