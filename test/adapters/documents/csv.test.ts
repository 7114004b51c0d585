/** Reading CSV. */
import { expect } from 'chai';
import { readCsv } from '#adapters/documents/text/csv.ts';
import { passagesOf } from '#domain/retrieval/passage.ts';
import { refusalOf } from '../../support/documents/refused.ts';
import { shown } from '../../support/documents/shown.ts';

describe('Reading CSV', () => {
  it('makes one table of it, with the first row as header', () => {
    const text = 'name,cost\n"Rope, hempen (50 feet)",1 gp\n"Say ""hi""","two\nlines"\n\nTorch,1 cp\n';
    expect(shown(readCsv(text))).to.deep.equal([
      {
        header: ['name', 'cost'],
        rows: [
          ['Rope, hempen (50 feet)', '1 gp'],
          ['Say "hi"', 'two\nlines'],
          ['Torch', '1 cp'],
        ],
      },
    ]);
  });

  it('finds out what separates the cells', () => {
    for (const separator of [',', ';', '\t', '|']) {
      const text = `"a,;b"${separator}c\n1${separator}2\n`;
      expect(shown(readCsv(text)), separator).to.deep.equal([{ header: ['a,;b', 'c'], rows: [['1', '2']] }]);
    }
  });

  it('keeps rows of any length, and shows a single row as it is', () => {
    expect(shown(readCsv('a,b\n1\n1,2,3'))).to.deep.equal([{ header: ['a', 'b'], rows: [['1'], ['1', '2', '3']] }]);
    expect(shown(readCsv('only,this'))).to.deep.equal([{ header: [], rows: [['only', 'this']] }]);
  });

  it('repeats the header with each passage', () => {
    const rows = Array.from({ length: 500 }, (_, i) => `item ${i},${i} gp`);
    const passages = passagesOf(readCsv(`name,cost\n${rows.join('\n')}`));
    expect(passages.length).to.be.greaterThan(2);
    for (const { text } of passages) expect(text).to.match(/^name \| cost\nitem/);
  });

  it('takes a cell that begins like a formula for what it is: text', () => {
    const text = 'a,b\n=1+1,"=HYPERLINK(""http://x"")"\n+1,-1\n@SUM(A1),\'x\n';
    expect(shown(readCsv(text))).to.deep.equal([
      {
        header: ['a', 'b'],
        rows: [
          ['=1+1', '=HYPERLINK("http://x")'],
          ['+1', '-1'],
          ['@SUM(A1)', "'x"],
        ],
      },
    ]);
  });

  it('refuses a quotation that never ends, and more cells than fit into memory', async () => {
    expect(await refusalOf(`a,b\n"${'x,y\n'.repeat(200_000)}`, 'a.csv')).to.equal('unreadable unreadable broken');
    expect(await refusalOf('a,b\n"cut off', 'a.csv')).to.equal('unreadable unreadable broken');
    expect(await refusalOf(`a,b\n${`${','.repeat(999)}\n`.repeat(3_000)}`, 'a.csv')).to.equal(
      'too_large document_too_large cells',
    );
  });
});
