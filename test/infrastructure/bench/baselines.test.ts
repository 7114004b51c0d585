/** The baselines of the bench, on transcripts whose best sentences are known. */
import { expect } from 'chai';
import { baselines } from '../../../bench/fidelity/baselines/baselines.ts';
import { keeping } from '../../../bench/fidelity/keeping.ts';
import type { Replay } from '../../../bench/fidelity/replay.ts';
import { indexOf } from '../../../bench/fidelity/sentence-index.ts';

const texts = [
  'We talked about the weather.',
  'We talked about the food.',
  'We talked about the weather and the food.',
  'Marmaduke inherited an observatory.',
  'We talked about the trip.',
  'We talked about the trip and the food.',
];
const index = indexOf(
  texts.map((text) => ({ speaker: 'A', text })),
  'en',
);

function first(name: string): string {
  return baselines[name]![0]!(index)[0]!.text;
}

describe('bench: fidelity baselines', () => {
  it('rank every sentence exactly once', () => {
    for (const [name, rankings] of Object.entries(baselines))
      for (const rank of rankings)
        expect(
          rank(index).map(({ place }) => place),
          name,
        ).to.have.members([0, 1, 2, 3, 4, 5]);
  });

  it('begin where their names say', () => {
    expect(first('keep the newest')).to.equal(texts[5]);
    expect(first('lead-k')).to.equal(texts[0]);
    expect(first('rare words')).to.equal(texts[3]);
    expect(first('TF-IDF mean')).to.equal(texts[3]);
    expect(baselines['head + tail']![0]!(index).map(({ place }) => place)).to.eql([0, 5, 1, 4, 2, 3]);
  });

  it('have TextRank prefer what shares words with many, and never what shares none', () => {
    const [rank] = baselines.TextRank!;
    expect([texts[2], texts[5]]).to.include(first('TextRank'));
    expect(rank!(index).at(-1)!.text).to.equal(texts[3]);
  });

  it('have TextRank prefer the shorter of two that share the same words', () => {
    const one = indexOf(
      ['Red fox jumps over nine very lazy dogs today.', 'Red fox.', 'Red fox runs.'].map((text) => ({
        speaker: 'A',
        text,
      })),
      'en',
    );
    expect(baselines.TextRank![0]!(one).map(({ place }) => place)).to.eql([1, 2, 0]);
  });

  it('have SumBasic turn to other words once it has taken the frequent ones', () => {
    const many = ['dragon gold', 'dragon gold', 'dragon gold', 'elf tower', ...Array(60).fill('x')];
    const one = indexOf(
      many.map((text, i) => ({ speaker: 'A', text: text === 'x' ? `filler${i}` : text })),
      'en',
    );
    expect(
      baselines.SumBasic![0]!(one)
        .map(({ place }) => place)
        .slice(0, 2),
    ).to.eql([0, 3]);
  });

  it('keep of what was compacted no more characters than our window, in order, and the verbatim messages', () => {
    const replay: Pick<Replay, 'isCompacted' | 'isSummarised' | 'verbatim' | 'spare' | 'summarySize'> = {
      isCompacted: [true, true, true, true, true, false],
      isSummarised: [true, true, false, false, false, false],
      verbatim: [{ speaker: 'A', text: texts[5]! }],
      spare: texts[3]!.length + texts[0]!.length,
      // Two sentences fit without their speaker, one with them.
      summarySize: texts[0]!.length + texts[1]!.length,
    };
    const newest = keeping(baselines['keep the newest']![0]!(index), replay as Replay);
    expect(newest.passages.map(({ text }) => text)).to.eql([texts[3], texts[4], texts[5]]);
    expect(newest.summary).to.equal(`A: ${texts[1]}`);
  });
});
