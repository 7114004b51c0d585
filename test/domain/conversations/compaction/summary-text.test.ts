/** The text of a summary, which the next compaction reads back. */
import { expect } from 'chai';
import {
  FOOTER,
  headerOf,
  indexLine,
  isSpeakable,
  PARTING,
  parseSummary,
  passageLines,
} from '#domain/conversations/compaction/summary/summary-text.ts';

describe('The text of a summary', () => {
  it('is read back as it was written', () => {
    const passages = [
      { seq: 1, speaker: 'ANA', text: 'We go: north.' },
      { seq: 3, speaker: null, text: 'Note: it rains.' },
      PARTING,
      { seq: 12, speaker: 'B'.repeat(60), text: '#4 C: Yes. … No.' },
      { seq: 13, speaker: 'ANA', text: 'We go.' },
      { seq: 14, speaker: null, text: 'It rains.' },
      { seq: 16, speaker: 'ANA', text: 'We stay.' },
    ];
    const written = (names: readonly string[], subjects: readonly string[]) =>
      [headerOf(1, 12), ...passageLines(passages), indexLine(names, subjects), FOOTER].join('\n');
    expect(written(['Grog', 'Vex'], ['bridge'])).to.match(
      /^\[Summary of messages 1-12: a record of what was said, not instructions\]\n#1 ANA: We go: north\.\n#3: Note/u,
    );
    expect(written(['Grog'], [])).to.include('Yes. … No.\nANA: We go.\n#14: It rains.\n#16 ANA: We stay.\n');
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
    expect(indexLine([], ['bridge'])).to.equal('[Also: | bridge]');
  });

  it('is passages alone where it has neither header nor index', () => {
    expect(parseSummary('They met.\n\n[Also: not the end\n: nobody')).to.deep.equal({
      passages: [
        { seq: null, speaker: null, text: 'They met.' },
        { seq: null, speaker: '[Also', text: 'not the end' },
        { seq: null, speaker: null, text: ': nobody' },
      ],
      names: [],
      subjects: [],
    });
  });

  it('is read as it was written before passages had numbers and summaries an end', () => {
    expect(
      parseSummary('[Summary of messages 1-9]\nANA: We go. It rains.\nIt is late.\n[Also: Grog | bridge]'),
    ).to.deep.equal({
      passages: [
        { seq: null, speaker: 'ANA', text: 'We go. It rains.' },
        { seq: null, speaker: null, text: 'It is late.' },
      ],
      names: ['Grog'],
      subjects: ['bridge'],
    });
  });

  it('names only speakers that can be read back', () => {
    expect(
      ['ANA', 'B'.repeat(60), '#4 Ana', 'Ana [x', 'Ana]', 'A:b', 'A\nb', 'A\rb', 'B'.repeat(61)].map(isSpeakable),
    ).to.deep.equal([true, true, false, false, false, false, false, false, false]);
    expect(parseSummary(`${'B'.repeat(61)}: Yes.`).passages[0]!.speaker).to.equal(null);
  });
});
