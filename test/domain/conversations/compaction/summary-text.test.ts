/** The text of a summary, which the next compaction reads back. */
import { expect } from 'chai';
import {
  headerOf,
  indexLine,
  isSpeakable,
  parseSummary,
  passageLine,
} from '#domain/conversations/compaction/summary/summary-text.ts';

describe('The text of a summary', () => {
  it('is read back as it was written', () => {
    const passages = [
      { speaker: 'ANA', text: 'We go: north.' },
      { speaker: null, text: 'It rains.' },
      { speaker: 'B'.repeat(60), text: 'Yes.' },
    ];
    const written = (names: readonly string[], subjects: readonly string[]) =>
      [headerOf(1, 12), ...passages.map(passageLine), indexLine(names, subjects)].join('\n');
    expect(written(['Grog', 'Vex'], ['bridge'])).to.match(/^\[Summary of messages 1-12\]\nANA: We go: north\.\n/u);
    for (const [names, subjects] of [
      [
        ['Grog', 'Vex'],
        ['bridge', 'river'],
      ],
      [['Grog'], []],
      [[], ['bridge']],
    ] as const)
      expect(parseSummary(written(names, subjects))).to.deep.equal({ passages, names, subjects });
    expect(indexLine(['Grog'], [])).to.equal('[Also: Grog]');
  });

  it('is passages alone where it has neither header nor index', () => {
    expect(parseSummary('They met.\n\n[Also: not the end\n: nobody')).to.deep.equal({
      passages: [
        { speaker: null, text: 'They met.' },
        { speaker: '[Also', text: 'not the end' },
        { speaker: null, text: ': nobody' },
      ],
      names: [],
      subjects: [],
    });
  });

  it('names only speakers that can be read back', () => {
    expect(
      ['ANA', 'B'.repeat(60), 'Ana [x', 'Ana]', 'A:b', 'A\nb', 'A\rb', 'B'.repeat(61)].map(isSpeakable),
    ).to.deep.equal([true, true, false, false, false, false, false, false]);
    expect(parseSummary(`${'B'.repeat(61)}: Yes.`).passages[0]!.speaker).to.equal(null);
  });
});
