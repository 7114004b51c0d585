/** What the bench finds in windows. */
import { expect } from 'chai';
import { datesIn } from '../../../bench/fidelity/measures/dates.ts';
import { longestCommon } from '../../../bench/fidelity/measures/longest-common.ts';
import { namesIn } from '../../../bench/fidelity/measures/names.ts';
import { countedNumbersIn, numberPairsIn } from '../../../bench/fidelity/measures/numbers.ts';
import { plantedLeft } from '../../../bench/fidelity/measures/planted.ts';
import { rougeAgainst } from '../../../bench/fidelity/measures/rouge.ts';
import { tellingTurns, turnsLeft } from '../../../bench/fidelity/measures/turns.ts';
import { randomOf } from '../../../bench/fidelity/random.ts';

describe('bench: fidelity measures', () => {
  it('take for names what has a capital within sentences twice, more often than not, and is not drawn out', () => {
    expect([...namesIn(['I saw Keyleth. You saw Keyleth’s bear, Sir.', 'No, Sir, sir and sir! I met Percy.'])]).to.eql([
      'keyleth',
    ]);
    expect([...namesIn(['See you, Keylethhhh. So long, Keylethhhh.'])]).to.eql([]);
  });

  it('take no slip for a name: two letters of a more common one that changed places', () => {
    const often = Array.from({ length: 3 }, () => 'We saw Percy and with Percy the Brian.');
    expect([...namesIn([...often, 'Hey Pecry, hey Pecry and hey ePrcy, hey ePrcy.'])]).to.have.members([
      'percy',
      'brian',
    ]);
    expect([...namesIn([...often, 'Hey Brain, hey Brain.'])]).to.have.members(['percy', 'brian', 'brain']);
  });

  it('count numbers with the word that follows, else with the one before, and never a number alone', () => {
    const texts = ['18, hits. 19? 11.', 'You find 40 gold in room 12.', '我们种了39棵白桦。', 'It took 2.5 hours'];
    expect([...countedNumbersIn(texts)]).to.have.members(['40 gold', 'room 12', '39 棵', '2.5 hours']);
    expect(numberPairsIn(['find 40 gold']))
      .to.include('40 gold')
      .and.include('find 40');
  });

  it('find dates with a day in eight languages', () => {
    const texts = [
      'On May 3rd, 12 June 2024 and 2024-05-04; not in May 2024.',
      'Am 3. Mai und am 04.05.2024.',
      'le 1er juillet',
      '8 мая 2026 г.',
      '第3次聊天 — 2024年1月21日',
      '2024년 3월 5일',
      'الجلسة 4 — 21 يناير 2024',
    ];
    expect([...datesIn(texts)]).to.have.members([
      ...['May 3rd', '12 June', '2024-05-04', '3. Mai', '04.05.2024', '1er juillet', '8 мая'],
      ...['1月21日', '3월 5일', '21 يناير'],
    ]);
  });

  it('find the longest common subsequence as the plain table does', () => {
    const random = randomOf(7);
    const words = (count: number) => Array.from({ length: count }, () => String(random.below(6)));
    for (const [a, b] of [[words(100), words(70)] as const, [words(31), words(62)] as const, [words(5), []] as const])
      expect(longestCommon(a)(b)).to.equal(plainLongestCommon(a, b));
  });

  it('give ROUGE as F1 of words, pairs and the longest common subsequence', () => {
    const { rouge1, rouge2, rougeL } = rougeAgainst('the cat sat on the mat')('The cat lay on the mat');
    expect([rouge1, rouge2, rougeL].map((score) => score.toFixed(3))).to.eql(['0.833', '0.600', '0.833']);
    expect(rougeAgainst('one')('')).to.eql({ rouge1: 0, rouge2: 0, rougeL: 0 });
  });

  it('see a turn in half of a sentence of at least four words, and in nothing that others say too', () => {
    const turns = tellingTurns(
      ['Yes. No!', 'I sold my old brown piano yesterday.', 'We all went home by train.', 'We all went home by train.'],
      'en',
    );
    expect(turns).to.have.length(1);
    expect(turnsLeft(turns, ['… I sold my old brown…'])).to.equal(1);
    expect(turnsLeft(turns, ['I sold it', 'a piano yesterday', 'Yes. No!'])).to.equal(0);
    expect(turnsLeft(tellingTurns(['我们在后院种了白桦树。'], 'zh'), ['……后院种了白桦树'])).to.equal(1);
  });

  it('see a planted fact only where one passage has all words of its answer', () => {
    const fact = [{ turn: 0, answer: ['My aunt', 'Ida'] }];
    expect(plantedLeft(fact, ['my AUNT met Ida.'], 'en')).to.equal(1);
    expect(plantedLeft(fact, ['My aunt came on Friday.'], 'en')).to.equal(0);
    expect(plantedLeft(fact, ['My aunt came.', 'Ida too.'], 'en')).to.equal(0);
    expect(plantedLeft([{ turn: 0, answer: ['39棵白桦'] }], ['种了39棵白桦。'], 'zh')).to.equal(1);
  });
});

function plainLongestCommon(a: readonly string[], b: readonly string[]): number {
  const rows = [Array.from({ length: b.length + 1 }, () => 0)];
  for (const word of a) {
    const before = rows.at(-1)!;
    const row = [0];
    b.forEach((other, j) => {
      row.push(word === other ? before[j]! + 1 : Math.max(before[j + 1]!, row[j]!));
    });
    rows.push(row);
  }
  return rows.at(-1)!.at(-1)!;
}
