/** Passages: sections, joined where they are small and divided where they are large. */
import { expect } from 'chai';
import { type PassageDraft, passagesOf } from '#domain/retrieval/passage.ts';
import { NO_PLACE, type ReadBlock } from '#domain/retrieval/read-block.ts';

const heading = (level: number, text: string): ReadBlock => ({ kind: 'heading', level, text, place: NO_PLACE });
const paragraph = (text: string, place = NO_PLACE): ReadBlock => ({ kind: 'paragraph', text, place });
const table = (header: string[], rows: string[][]): ReadBlock => ({ kind: 'table', header, rows, place: NO_PLACE });
const words = (count: number, word = 'word') => Array.from({ length: count }, (_, i) => `${word}${i}`).join(' ');
const shown = (passages: readonly PassageDraft[]) => passages.map(({ headingPath, text }) => [headingPath, text]);

describe('Passages', () => {
  it('are one for each section, under the path of its headings, numbered from 1', () => {
    const passages = passagesOf([
      heading(1, 'Monsters'),
      paragraph(words(20, 'intro')),
      heading(2, 'Aboleth'),
      paragraph(words(30, 'old')),
      paragraph('It waits.'),
      heading(6, 'Actions'),
      paragraph(words(25, 'tail')),
      heading(2, 'Ankheg'),
      paragraph(words(40, 'bug')),
    ]);
    expect(shown(passages)).to.deep.equal([
      ['Monsters', words(20, 'intro')],
      ['Monsters > Aboleth', `${words(30, 'old')}\n\nIt waits.`],
      ['Monsters > Aboleth > Actions', words(25, 'tail')],
      ['Monsters > Ankheg', words(40, 'bug')],
    ]);
    expect(passages.map(({ ordinal }) => ordinal)).to.deep.equal([1, 2, 3, 4]);
  });

  it('take a section under 20 words to what stands over it, with its heading as a line of the text', () => {
    const passages = passagesOf([
      heading(1, 'Ape'),
      paragraph(words(30)),
      heading(2, 'Actions'),
      paragraph('It bites.'),
      heading(1, 'Bear'),
      paragraph(words(20, 'bear')),
    ]);
    expect(shown(passages)).to.deep.equal([
      ['Ape', `${words(30)}\n\nActions\n\nIt bites.`],
      ['Bear', words(20, 'bear')],
    ]);
  });

  it('take a short beginning to the section after it, whose path they keep', () => {
    const passages = passagesOf([
      heading(1, 'Creatures'),
      paragraph('All of them.'),
      heading(2, 'Ape'),
      paragraph(words(30)),
    ]);
    expect(shown(passages)).to.deep.equal([['Creatures > Ape', `All of them.\n\nApe\n\n${words(30)}`]]);
  });

  it('take small sections side by side together, under what stands over all of them', () => {
    const entries = ['a', 'b', 'c', 'd'].flatMap((name) => [heading(2, `Term ${name}`), paragraph(words(9, name))]);
    const passages = passagesOf([heading(1, 'Glossary'), paragraph(words(30)), ...entries]);
    expect(passages.map(({ headingPath }) => headingPath)).to.deep.equal(['Glossary', 'Glossary', 'Glossary']);
    expect(passages[1]?.text).to.equal(`Term a\n\n${words(9, 'a')}\n\nTerm b\n\n${words(9, 'b')}`);
  });

  it('take a section of 19 words to its neighbour', () => {
    const blocks = [
      heading(1, 'A'),
      paragraph(words(30)),
      heading(1, 'B'),
      paragraph(words(19)),
      heading(1, 'C'),
      paragraph(words(30)),
    ];
    expect(passagesOf(blocks).map(({ headingPath }) => headingPath)).to.deep.equal(['A', 'C']);
  });

  it('do not take a section of 20 words to another one, nor divide one of 400', () => {
    const blocks = [
      heading(1, 'A'),
      paragraph(words(20)),
      heading(1, 'B'),
      paragraph(words(200)),
      paragraph(words(200)),
    ];
    expect(passagesOf(blocks).map(({ headingPath }) => headingPath)).to.deep.equal(['A', 'B']);
    expect(passagesOf([...blocks, paragraph(words(20))])).to.have.length(3);
  });

  it('divide more than 400 words at paragraphs, and leave no small rest', () => {
    const [first, second, rest] = [words(250, 'a'), words(250, 'b'), words(19, 'c')];
    const passages = passagesOf([heading(1, 'Long'), paragraph(first), paragraph(second), paragraph(rest)]);
    expect(shown(passages)).to.deep.equal([
      ['Long', first],
      ['Long', `${second}\n\n${rest}`],
    ]);
  });

  it('divide a paragraph of more than 400 words after a sentence', () => {
    const sentences = Array.from({ length: 60 }, (_, i) => `Sentence ${i} says that ${words(6)}.`);
    const passages = passagesOf([paragraph(sentences.join(' '))]);
    expect(passages).to.have.length(2);
    expect(passages[0]?.text).to.match(/\.$/);
    expect(passages.map(({ text }) => text).join(' ')).to.equal(sentences.join(' '));
  });

  it('keep a table whole with its header, and repeat the header where it must be divided', () => {
    const rows = Array.from({ length: 30 }, (_, i) => [`Item ${i}`, `${i} gp`]);
    const whole = passagesOf([table(['Item', 'Cost'], rows)]);
    expect(whole).to.have.length(1);
    expect(whole[0]?.text.split('\n').slice(0, 2)).to.deep.equal(['Item | Cost', 'Item 0 | 0 gp']);
    const many = Array.from({ length: 200 }, (_, i) => [`Item ${i}`, `${i} gp`]);
    const parts = passagesOf([table(['Item', 'Cost'], many)]).map(({ text }) => text.split('\n'));
    expect(parts.map(([first]) => first)).to.deep.equal(['Item | Cost', 'Item | Cost', 'Item | Cost']);
    expect(parts.flatMap((lines) => lines.slice(1))).to.deep.equal(many.map((row) => row.join(' | ')));
  });

  it('stand where their first block stands', () => {
    const page = (number: number) => ({ page: number, pageLabel: `p${number}`, timeCode: null });
    const passages = passagesOf([paragraph(words(300), page(3)), paragraph(words(300), page(4))]);
    expect(passages.map(({ page, pageLabel, timeCode }) => [page, pageLabel, timeCode])).to.deep.equal([
      [3, 'p3', null],
      [4, 'p4', null],
    ]);
  });

  it('show the title of a document that has nothing else, and nothing of an empty one', () => {
    expect(shown(passagesOf([heading(1, 'Alone')]))).to.deep.equal([['Alone', 'Alone']]);
    expect(passagesOf([])).to.deep.equal([]);
    expect(passagesOf([paragraph(' \n '), heading(1, ' ')])).to.deep.equal([]);
  });
});
