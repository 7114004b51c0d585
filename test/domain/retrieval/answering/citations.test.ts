/** What a model answers, checked against the passages that it was given. */
import { expect } from 'chai';
import fc from 'fast-check';
import { AnswerChecker } from '#domain/retrieval/answering/citations.ts';

const PASSAGES = [
  { headingPath: 'Prone', text: 'A *prone* creature can only crawl. It has disadvantage: a -2 penalty, “always”.' },
  { headingPath: 'Jump', text: 'You leap 10 feet.\n\nHard | 20' },
];

/** As it comes out however it came in: in pieces of one, three and all characters. */
function check(answer: string) {
  const [one, three, all] = [1, 3, Number.POSITIVE_INFINITY].map((size) => {
    const checker = new AnswerChecker(PASSAGES);
    let shown = '';
    for (let at = 0; at < answer.length; at += Math.min(size, answer.length))
      shown += checker.add(answer.slice(at, at + size));
    shown += checker.end();
    expect(shown.trim(), 'what was shown on the way').to.equal(checker.checked.text);
    return checker.checked;
  });
  expect(one).to.deep.equal(all);
  expect(three).to.deep.equal(all);
  return all!;
}

describe('The check of an answer', () => {
  it('leaves an answer as it is that cites what there is, and quotes it word for word', () => {
    for (const answer of [
      'It can "only crawl" [1]. You leap [2].',
      'As it says: "A prone creature can only crawl. It has disadvantage" [1]. And so on [2].',
      'It “… can only crawl …” [1].\n\n- It takes a “-2 penalty” [1]\n- „leap 10 feet“ [2]',
      'First it crawls. [1] Then it leaps. [2]',
    ])
      expect(check(answer)).to.deep.include({ text: answer, dropped: { citations: 0, quotations: 0 } });
    expect(check('Leaps [2] and crawls [1, 2].').cited).to.deep.equal([2, 1]);
  });

  it('removes citations of passages that there are not, and counts them', () => {
    const { text, cited, dropped } = check('It crawls [1, 7]. It sings [3]. It leaps [0].');
    expect(text).to.equal('It crawls [1]. It sings . It leaps .');
    expect(cited).to.deep.equal([1]);
    expect(dropped).to.deep.equal({ citations: 3, quotations: 0 });
  });

  it('removes a sentence with a quotation that no passage has, and counts it', () => {
    for (const untrue of [
      'It says "it can never crawl" [1].',
      'It says “disadvantage crawl” [1].',
      'It is «a +2 penalty» [1].',
      'It says "You leap 10 feet. Then you sing." [2].',
      'It says "only … sing" [1].',
    ]) {
      const { text, dropped } = check(`You leap [2]. ${untrue} It crawls [1].`);
      expect(text.replaceAll(/\s+/gu, ' '), untrue).to.equal('You leap [2]. It crawls [1].');
      expect(dropped.quotations).to.equal(1);
    }
  });

  it('looks for a quotation in the passages that its sentence cites alone', () => {
    expect(check('It says "only crawl" [2].')).to.deep.include({ text: '', cited: [] });
    expect(check('It says "only crawl" [1, 2].').cited).to.deep.equal([1, 2]);
  });

  it('shows nothing before it has been checked', () => {
    const checker = new AnswerChecker(PASSAGES);
    expect(checker.add('It says "it can never cra')).to.equal('');
    expect(checker.add('wl" [1]. And now it leaps over all. ')).to.equal(' ');
    expect(checker.add('[2]')).to.equal('');
    expect(checker.add(' So it is told in the book.')).to.equal('And now it leaps over all. [2] ');
    expect(checker.end()).to.equal('So it is told in the book.');
  });

  it('never has anything but what was said, and no number that there is not', () => {
    const part = fc.constantFrom(
      'It crawls',
      ' [1]',
      ' [9]',
      '. ',
      ' "only crawl"',
      ' "sings"',
      '\n',
      '“',
      ' [1, 9]',
      '…',
      '"',
    );
    const answer = fc.array(part, { maxLength: 25 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(answer, (given) => {
        const { text, cited } = check(given);
        expect([...text.matchAll(/\d+/gu)].every(([number]) => number === '1')).to.equal(true);
        expect(cited.every((number) => number === 1)).to.equal(true);
        expect(text).not.to.include('"sings"');
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });
});
