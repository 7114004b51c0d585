/** The index of a summary: names and subjects of what it leaves out, and what an older index listed. */
import { expect } from 'chai';
import { readEntry } from '#domain/conversations/compaction/summary/passages.ts';
import { summaryOf } from '#domain/conversations/compaction/summary/summary.ts';
import { headerOf } from '#domain/conversations/compaction/summary/summary-text.ts';
import { indexWindow } from '#domain/conversations/compaction/summary/text-index.ts';
import { indexLineOf, topicsOf } from '#domain/conversations/compaction/summary/topics.ts';
import { fromWindow } from '#domain/conversations/compaction/window/working-window.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { emptyLexicon } from '#domain/text/lexicon.ts';
import { policyOf, said } from '../../../support/builders/appending.ts';
import { windowFrom } from '../../../support/builders/windows.ts';

const window = windowFrom([
  said('Today Grog meets Vex near the bridge.'),
  said('Then Grog pays Vex 17 gold for the bridge.'),
  said('Later Pike sees the bridge and Grog with 17 orcs.'),
  said('We hear the river. The river is wide, and we wait an hour.'),
  said('We sit for an hour in the sun, and see the sun set.'),
]);
const goal = { maxSize: 0, maxEntries: 1 };
const options = { goal, appending: false, strategies: ['window'] } as const;
const index = indexWindow(fromWindow(window, policyOf({ keepTail: 0 }), charsDiv4, options));
const sentences = window.entries.flatMap((entry) => index.sentencesIn(entry));
const listed = (older: Parameters<typeof topicsOf>[2]) => {
  const { names, subjects } = topicsOf(sentences, index, older);
  return [names, subjects].map((topics) => topics.map(({ text }) => text));
};

describe('The index of a summary', () => {
  it('lists names by how often they occur, and words of some length in several sentences by weight', () => {
    expect(listed([])).to.deep.equal([
      ['Grog', 'Vex', 'Pike'],
      ['bridge', 'river', 'hour'],
    ]);
  });

  it('lists what is always spoken of after what is not', () => {
    const familiarity = index.familiarity.map((one, id) => (index.lexicon.spelling[id] === 'bridge' ? 0.1 : one));
    const { subjects } = topicsOf(sentences, { ...index, familiarity }, []);
    expect(subjects.map(({ text }) => text)).to.deep.equal(['river', 'hour', 'bridge']);
  });

  it('lists no word twice, in whatever case or form, and none that the summary says in another form', () => {
    const told = windowFrom(
      [
        'We fear Goblins and GOBLINS and the Goblin',
        'We hunt the Goblin’s orcs, the orcs of Vex',
        'An orc, Vexes and orcs',
      ].map((text) => said(text)),
    );
    const toldIndex = indexWindow(fromWindow(told, policyOf({ keepTail: 0 }), charsDiv4, options));
    const all = told.entries.flatMap((entry) => toldIndex.sentencesIn(entry));
    const line = indexLineOf(topicsOf(all, toldIndex, []), [], toldIndex.lexicon, 300)!;
    expect(line.match(/goblin/giu)).to.have.length(1);
    const rest = indexLineOf(topicsOf(all, toldIndex, []), all.slice(0, 1), toldIndex.lexicon, 300)!;
    expect(rest.match(/goblin/giu)).to.equal(null);
  });

  it('lists subjects in Chinese and Japanese, and no grammar and no word in two pieces', () => {
    const subjectsOf = (...lines: readonly string[]) => {
      const told = windowFrom(lines.map((text) => said(text)));
      const toldIndex = indexWindow(fromWindow(told, policyOf({ keepTail: 0 }), charsDiv4, options));
      const all = told.entries.flatMap((entry) => toldIndex.sentencesIn(entry));
      return indexLineOf(topicsOf(all, toldIndex, []), [], toldIndex.lexicon, 300);
    };
    expect(subjectsOf('我们去火山。', '火山很热。', '我们的马。')).to.equal('[Also: | 火山]');
    expect(subjectsOf('ドラゴンが来た。', 'ドラゴンは火山に住む。', '火山へ行く。')).to.equal(
      '[Also: | ドラゴン, 火山]',
    );
  });

  it('lists names where a name is the exception among capitals, and nouns where nouns have capitals', () => {
    const german = windowFrom(
      [
        'Der Wirt holt das Bier aus dem Keller.',
        'Im Keller steht das Fass mit dem Bier des Wirts.',
        'Wir trinken das Bier im Haus am See.',
        'Die Frau sieht den Hund und den Wagen im Hof.',
        'Der Hund bellt den Wagen und die Frau im Hof an.',
        'Am Abend kommt der Mann mit dem Korb ins Haus.',
        'Dann geht das Kind mit dem Ball in den Garten am Haus.',
      ].map((text) => said(text)),
    );
    const germanIndex = indexWindow(fromWindow(german, policyOf({ keepTail: 0 }), charsDiv4, options));
    const all = german.entries.flatMap((entry) => germanIndex.sentencesIn(entry));
    const { names, subjects } = topicsOf(all, germanIndex, []);
    expect(names).to.deep.equal([]);
    expect(subjects.map(({ text }) => text))
      .to.include.members(['Bier', 'Keller', 'Hund', 'Haus'])
      .and.not.include('dann');
  });

  it('lists no stop word, no number, no name and no short word among the subjects', () => {
    const lines = ['We have 10000 coins and see Pike run', 'They have 10000 coins too, and see Pike run'];
    const told = windowFrom(lines.map((text) => said(text)));
    const toldIndex = indexWindow(fromWindow(told, policyOf({ keepTail: 0 }), charsDiv4, options));
    const sentencesTold = told.entries.flatMap((entry) => toldIndex.sentencesIn(entry));
    const { names, subjects } = topicsOf(sentencesTold, toldIndex, []);
    expect([names, subjects].map((topics) => topics.map(({ text }) => text))).to.deep.equal([['Pike'], ['coins']]);
  });

  it('keeps what an older index listed, each once', () => {
    const older = { passages: [], names: ['Pike', 'Ulf', 'gold'], subjects: ['moon', 'river'] };
    expect(listed([older])).to.deep.equal([
      ['Grog', 'Pike', 'Vex', 'Ulf', 'gold'],
      ['river', 'bridge', 'hour', 'moon'],
    ]);
  });

  it('is left out with everything else where only the shortest summary fits, or nothing', () => {
    const texts = [0, 1, 2].map((limit) => summaryOf(window.entries, limit, index, charsDiv4).content);
    expect(texts).to.deep.equal(['', '…', '…']);
    const header = headerOf(1, 5);
    expect(summaryOf(window.entries, header.length, index, charsDiv4).content).to.equal(header);
    expect(summaryOf(window.entries, header.length - 1, index, charsDiv4).content).to.equal('…');
  });

  it('is read from summaries alone, not from a message that looks like one', () => {
    const lines = Array.from({ length: 30 }, (_, n) =>
      said(`Room ${n} has ${n + 40} silver lamps and door ${n + 70}.`),
    );
    const { entries, ...rest } = windowFrom([...lines, said('[Also: Ulf | moon]')]);
    const contentOf = (kind: 'message' | 'summary') => {
      const all = entries.map((entry, i) => (i === 30 ? { ...entry, kind } : entry));
      const work = fromWindow({ ...rest, entries: all }, policyOf({ keepTail: 0 }), charsDiv4, options);
      return summaryOf(all, 600, indexWindow(work), charsDiv4).content;
    };
    expect(contentOf('summary')).to.contain('Ulf');
    expect(contentOf('message')).not.to.contain('Ulf');
  });

  it('is of sentences whose speaker is the name, and else the role', () => {
    const lines = [said('Hold!', { name: 'Vex' }), said('Hold!'), said('Hold!', { role: 'assistant' })];
    const speakers = windowFrom(lines).entries.flatMap((entry) => readEntry(emptyLexicon(), entry));
    expect(speakers.map(({ origin }) => origin.speaker)).to.deep.equal(['Vex', 'user', 'assistant']);
  });

  it('names nothing that the summary says, and no more than fits', () => {
    const topics = topicsOf(sentences, index, []);
    expect(indexLineOf(topics, [], index.lexicon, 200)).to.equal('[Also: Grog, Vex, Pike | bridge, river, hour]');
    expect(indexLineOf(topics, sentences.slice(0, 1), index.lexicon, 200)).to.equal('[Also: Pike | river, hour]');
    expect(indexLineOf(topics, sentences, index.lexicon, 200)).to.equal(null);
    for (let length = 0; length < 80; length++)
      expect(indexLineOf(topics, [], index.lexicon, length)?.length ?? 0, String(length)).to.be.at.most(length);
    expect(indexLineOf(topics, [], index.lexicon, 24)).to.equal('[Also: Grog]');
    expect(indexLineOf(topics, [], index.lexicon, 10)).to.equal(null);
  });
});
