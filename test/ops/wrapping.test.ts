/** Documents and comments have one width, and wrapping changes nothing but lines. */
import { expect } from 'chai';
import { CODE, DOCUMENTS, unwrapped } from '../../ops/wrap.ts';
import { wrapComments } from '../../ops/wrap-comments.ts';
import { wrapMarkdown } from '../../ops/wrap-markdown.ts';

const WORDS = 'word '.repeat(30).trim();

describe('wrapping', () => {
  it('is done in every document, and in every comment that would be too wide (npm run wrap)', () => {
    expect([...unwrapped(DOCUMENTS, wrapMarkdown).keys()]).to.deep.equal([]);
    expect([...unwrapped(CODE, wrapComments).keys()]).to.deep.equal([]);
  });

  it('joins short lines of a paragraph, and breaks long ones at 120 characters', () => {
    const wrapped = wrapMarkdown(`One\ntwo ${WORDS}\n\nThree.`);
    expect(wrapped).to.equal(`One two${' word'.repeat(22)}\nword${' word'.repeat(7)}\n\nThree.`);
    expect(wrapMarkdown(wrapped)).to.equal(wrapped);
  });

  it('indents the later lines of a list item, and keeps items apart', () => {
    const [first, second, third] = wrapMarkdown(`- ${WORDS}\n- Next\n  line`).split('\n');
    expect(first)
      .to.have.length.at.most(120)
      .and.match(/^- word/);
    expect(second).to.match(/^ {2}word/);
    expect(third).to.equal('- Next line');
  });

  it('leaves code, tables, headings and HTML alone, and breaks no code in backticks', () => {
    const wide = 'x '.repeat(90).trim();
    for (const text of [`\`\`\`\n${wide}\n${wide}\n\`\`\``, `| ${wide} |`, `## ${wide}`, `<!-- ${wide} -->`])
      expect(wrapMarkdown(text)).to.equal(text);
    const code = '`npm run new -- use-case games/close-game`';
    expect(wrapMarkdown(`${'word '.repeat(20)}${code}`)).to.equal(`${'word '.repeat(20).trim()}\n${code}`);
  });

  it('begins no line with what would open a list, a heading or a table', () => {
    for (const mark of ['-', '+', '#', '3.', '|'])
      for (const line of wrapMarkdown(`${'a '.repeat(59)}${mark} ${WORDS}`).split('\n'))
        expect(line).not.to.match(/^([-+|#]|3\.)/);
  });

  it('wraps comments that are too wide, in the form that they have, and no others', () => {
    const block = `  /**\n   * word${' word'.repeat(22)}\n   * word${' word'.repeat(6)}\n   */\n  f();`;
    expect(wrapComments(`  /** ${WORDS} */\n  f();`)).to.equal(block);
    expect(wrapComments(block)).to.equal(block);
    const lines = `// word${' word'.repeat(22)}\n// word${' word'.repeat(6)}\nf();`;
    expect(wrapComments(`// ${WORDS}\nf();`)).to.equal(lines);
    const narrow = '/**\n * One\n * two.\n */\n// One\n// two.\nf();';
    expect(wrapComments(narrow)).to.equal(narrow);
    const ignored = `// biome-ignore lint: ${WORDS}\nf();`;
    expect(wrapComments(ignored)).to.equal(ignored);
  });
});
