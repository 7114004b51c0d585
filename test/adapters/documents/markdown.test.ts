/** Reading Markdown and text. */
import { expect } from 'chai';
import { type DocumentReading, readDocument } from '#adapters/documents/read-document.ts';
import { readMarkdown } from '#adapters/documents/text/markdown.ts';
import { readText } from '#adapters/documents/text/text.ts';
import { passagesOf } from '#domain/retrieval/passage.ts';
import { shown } from '../../support/documents/shown.ts';

const readBytes = (bytes: Uint8Array, name = 'a.md'): Promise<DocumentReading> => readDocument({ bytes, name });

describe('Reading Markdown', () => {
  it('finds headings of both forms, and paragraphs', () => {
    expect(shown(readMarkdown('# One\n\nText\nof two lines.\n\nTwo\n---\n\nMore.\n\n###### Six #'))).to.deep.equal([
      '# One',
      'Text\nof two lines.',
      '## Two',
      'More.',
      '###### Six',
    ]);
  });

  it('takes markup out: emphasis, links, images, code, escapes, entities, tags', () => {
    const text =
      '***Fist***. A [link](http://a.b/c "t") to [the *one*][1] and ![a map](m.png), `x * y`, 5 \\* 3, A&amp;B &#8212; &lt;b&gt;, H<sub>2</sub>O.\n\n[1]: http://d.e\n\n---\n\n<div class="x">Boxed &mdash; text</div>\n\n<!-- hidden -->';
    expect(shown(readMarkdown(text)).filter((one) => one !== '')).to.deep.equal([
      'Fist. A link to the one and a map, x * y, 5 * 3, A&B — <b>, H2O.',
      'Boxed — text',
    ]);
  });

  it('keeps a table with its header, and the marks of lists', () => {
    const text =
      '| a | **b** |\n|:-:|---|\n| 1 | x \\| y |\n| 2 |\n\n- one\n- two\n  - deeper\n\n3. three\n4. four\n\n> quoted\n\n```js\n# code\n```';
    expect(shown(readMarkdown(text))).to.deep.equal([
      {
        header: ['a', 'b'],
        rows: [
          ['1', 'x | y'],
          ['2', ''],
        ],
      },
      '- one\n- two\n- deeper',
      '3. three\n4. four',
      'quoted',
      '# code',
    ]);
  });

  it('keeps the title of a box in the box', () => {
    expect(shown(readMarkdown('# Combat\n\n> # Step by Step\n>\n> Text.\n\nMore.'))).to.deep.equal([
      '# Combat',
      'Step by Step',
      'Text.',
      'More.',
    ]);
  });

  it('does not show front matter, and takes no other text for it', () => {
    expect(shown(readMarkdown('---\ntitle: Book\ntags: [a]\n---\n# One'))).to.deep.equal(['# One']);
    expect(shown(readMarkdown('---\ntitle: never closed\n'))).to.deep.equal(['title: never closed']);
    expect(shown(readMarkdown('---\nSome text.\n\nMore.\n\n---\n'))).to.deep.equal(['Some text.', 'More.']);
  });

  it('reads hostile markup in bounded time, and loses nothing of it', function () {
    this.timeout(60_000);
    const hostile = {
      quotations: `${'>'.repeat(20_000)} end`,
      'lists in lists': `${'- '.repeat(20_000)}end`,
      'deeper lists': `${Array.from({ length: 3_000 }, (_, i) => `${'  '.repeat(i)}- item`).join('\n')} end`,
      emphasis: `${'*a **a '.repeat(100_000)}end`,
      brackets: `${'[a]('.repeat(100_000)}end`,
      'one line': `${'x'.repeat(5_000_000)} end`,
      headings: `${'# a\n'.repeat(100_000)}end`,
      'an endless table': `|a|b|\n|-|-|\n${'|c|d|\n'.repeat(50_000)}|end|`,
      comments: `${'<!-- a\n\n'.repeat(50_000)}end`,
    };
    for (const [what, text] of Object.entries(hostile)) {
      const passages = passagesOf(readMarkdown(text));
      if (what !== 'comments') expect(passages.at(-1)?.text, what).to.match(/end( \| )?$/);
    }
  });
});

describe('Reading text', () => {
  it('divides paragraphs at empty lines and pages, and shows what looks like markup as it stands', () => {
    expect(shown(readText('# One\n*two*\n  \n\nthree\ffour\n\n'))).to.deep.equal(['# One\n*two*', 'three', 'four']);
  });

  it('decodes UTF-8, UTF-16 by its mark, and latin1', async () => {
    const text = 'naïve café “quoted”';
    const utf16be = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    const files = [Buffer.from(text), Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, 'utf16le'), utf16be];
    const latin1 = Buffer.from('na\u00efve caf\u00e9 \u0093quoted\u0094', 'latin1');
    for (const bytes of [...files, latin1]) {
      expect(shown((await readBytes(bytes, 'a.txt')).blocks)).to.deep.equal([text]);
    }
  });

  it('has the same line ends whatever the file has', async () => {
    expect(shown((await readBytes(Buffer.from('a\r\n\r\nb\rc'), 'a.txt')).blocks)).to.deep.equal(['a', 'b\nc']);
  });

  it('refuses what begins as text and then is none, what has no text, and what is too large', async () => {
    const refusal = (bytes: Uint8Array) =>
      readBytes(bytes).then(
        ({ kind }) => kind,
        (error) => [error.kind, error.code, error.details.reason],
      );
    expect(await refusal(Buffer.from(`${'a '.repeat(40_000)}\0`))).to.deep.equal([
      'unreadable',
      'unreadable',
      'not_text',
    ]);
    expect(await refusal(Buffer.from('---\n\n[a]: b\n'))).to.deep.equal(['unreadable', 'unreadable', 'no_text']);
    expect(await refusal(Buffer.alloc(20 * 1024 * 1024 + 1, 'a '))).to.deep.equal([
      'too_large',
      'document_too_large',
      'bytes',
    ]);
  });
});
