/** Reading the SRD 5.1, a real book of 130 Markdown files, into passages. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { readDocument } from '#adapters/documents/read-document.ts';
import { passagesOf } from '#domain/retrieval/passage.ts';
import { ROOT } from '../../support/project.ts';

const folder = join(process.env.TAVERNKEEP_TEST_DATA ?? join(ROOT, '../shared/data'), 'srd');
const files = existsSync(folder) ? globSync('**/*.md', { cwd: folder }) : [];

const wordsOf = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** The words of a file without its links' addresses: by a look at the lines, not by the parser under test. */
function sourceWords(source: string): string[] {
  return wordsOf(
    source
      .replace(/\]\([^)\s]*\)/g, ']')
      .replace(/<[^>]*>/g, ' ')
      .replaceAll('*', ''),
  );
}

/** Whether all of `words` stand in `text` in this order. What it has besides are headings, and headers again. */
function missing(words: readonly string[], text: readonly string[]): string | undefined {
  let at = 0;
  for (const word of words) {
    const found = text.indexOf(word, at);
    if (found < 0) return word;
    at = found + 1;
  }
  return undefined;
}

const isHeading = (line: string) => /^#{1,6} /.test(line);

describe('Reading the SRD', function () {
  this.timeout(60_000);
  before(function () {
    if (files.length === 0) this.skip();
  });

  const passagesIn = async (file: string) => {
    const { blocks, notes } = await readDocument({ bytes: readFileSync(join(folder, file)), name: basename(file) });
    expect(notes).to.deep.equal([]);
    return passagesOf(blocks);
  };

  it('finds all of its files', () => {
    expect(files).to.have.length(130);
  });

  it('loses no word of any file: those of its lines are in the texts, in order, those of headings in paths too', async () => {
    for (const file of files) {
      const lines = readFileSync(join(folder, file), 'utf8').split('\n');
      const passages = await passagesIn(file);
      const texts = passages.flatMap(({ text }) => wordsOf(text));
      const paths = new Set(passages.flatMap(({ headingPath }) => wordsOf(headingPath)).concat(texts));
      const body = sourceWords(lines.filter((line) => !isHeading(line)).join('\n'));
      expect(missing(body, texts), `${file}: a word of a line`).to.equal(undefined);
      const headings = sourceWords(lines.filter(isHeading).join('\n'));
      expect(
        headings.filter((word) => !paths.has(word)),
        `${file}: words of headings`,
      ).to.deep.equal([]);
      expect(texts.length, `${file}: words`).to.be.at.most(body.length + headings.length + 40 * passages.length);
    }
  });

  it('shows no markup, and gives each creature the path that it is known by', async () => {
    for (const file of files) {
      for (const { text, headingPath } of await passagesIn(file)) {
        expect(`${headingPath}\n${text}`, file).not.to.match(/\*\*|^#{1,6} |\]\(|\|\s*:?-{3,}|&[a-z]+;|<\/?[a-z]+>/m);
      }
    }
    const paths = (await passagesIn('monsters/monsters-a.md')).map(({ headingPath }) => headingPath);
    expect(paths.find((path) => path.includes('Aboleth'))).to.match(/^Monsters \(A\) > Aboleth/);
  });
});
