/** Reading HTML. */
import { expect } from 'chai';
import { readHtml } from '#adapters/documents/markup/html.ts';
import { refusalOf } from '../../support/documents/refused.ts';
import { shown } from '../../support/documents/shown.ts';

const page = (body: string, title = '') =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body>${body}</body></html>`;
const sentences = (count: number) =>
  Array.from({ length: count }, (_, i) => `This is sentence ${i}, which says something, and more.`).join(' ');

describe('Reading HTML', () => {
  it('finds headings, paragraphs, lists, code and tables', () => {
    const body = `<h1>Monsters</h1><p>The <b>abo</b>leth&nbsp;is <a href="x">old</a>.<br>It   waits.</p>loose <i>text</i>
      <h2>Actions <small>all</small></h2><ul><li>Bite</li><li>Claw<ol><li>left</li><li>right</li></ol></li></ul>
      <pre>a  b\n c</pre><table><caption>Costs</caption><thead><tr><th>Item</th><th>Cost</th></tr></thead><tbody><tr><td>Rope</td><td>1 <i>gp</i></td></tr></tbody></table>
      <table><tr><td>1</td><td>2</td></tr></table>`;
    expect(shown(readHtml(page(body)))).to.deep.equal([
      '# Monsters',
      'The aboleth is old.\nIt waits.',
      'loose text',
      '## Actions all',
      '- Bite\n- Claw\n1. left\n2. right',
      'a  b\n c',
      'Costs',
      { header: ['Item', 'Cost'], rows: [['Rope', '1 gp']] },
      { header: [], rows: [['1', '2']] },
    ]);
  });

  it('shows nothing of scripts, styles, navigation and what is hidden', () => {
    const body =
      '<script>alert(1)</script><style>p{}</style><nav>Home</nav><p hidden>gone</p><noscript>on</noscript><p>Shown.</p><template>no</template><!-- no -->';
    expect(shown(readHtml(page(body, 'The title')))).to.deep.equal(['# The title', 'Shown.']);
  });

  it('reads what a page is about, without what surrounds it', () => {
    const links = '<li><a href="a">Other one of many</a></li>'.repeat(20);
    const around = `<div class="sidebar"><ul>${links}</ul></div><footer class="footer">Imprint</footer>`;
    const article = `<article><h2>Inn</h2><p>${sentences(10)}</p><p>${sentences(10)}</p></article>`;
    const text = JSON.stringify(shown(readHtml(page(article + around, 'The Tavern'))));
    expect(text)
      .to.include('# The Tavern')
      .and.to.include('sentence 9')
      .and.not.to.match(/Other one|Imprint/);
  });

  it('reads everything where the article is the smaller part, as in a book of many sections', () => {
    const article = `<article><h2>Part 0</h2><p>${sentences(8)}</p><p>${sentences(8)}</p></article>`;
    const others = Array.from({ length: 8 }, (_, i) => {
      return `<div class="comment"><h2>Part ${i + 1}</h2><div>${sentences(9)}</div></div>`;
    });
    const blocks = shown(readHtml(page(article + others.join(''), 'Book')));
    const parts = blocks.filter((block) => typeof block === 'string' && block.startsWith('## Part'));
    expect(parts).to.have.length(9);
  });

  it('reads a fragment, what is cut off, and a table that arranges a page', () => {
    expect(shown(readHtml('<p>One</p><p>Two'))).to.deep.equal(['One', 'Two']);
    expect(shown(readHtml('<html><body><p>One</p><p>Two <b>thr'))).to.deep.equal(['One', 'Two thr']);
    const layout = '<table><tr><td><h2>Left</h2><p>a</p></td><td><table><tr><td>b</td></tr></table></td></tr></table>';
    expect(shown(readHtml(page(layout)))).to.deep.equal(['## Left', 'a', { header: [], rows: [['b']] }]);
  });

  it('refuses what is nested without end, has too many elements, or no text', async () => {
    expect(await refusalOf(page('<div>'.repeat(10_000)))).to.equal('unreadable unreadable too_deep');
    expect(await refusalOf(page('<b>a</b>'.repeat(201_000)))).to.equal('too_large document_too_large elements');
    expect(await refusalOf(page('<'.repeat(500_000)))).to.equal('too_large document_too_large elements');
    expect(await refusalOf(page('<img src="a.png">'))).to.equal('unreadable unreadable no_text');
  });

  it('reads hostile pages in bounded time', () => {
    for (const body of [
      '<div>'.repeat(450),
      '<p>a, b, c'.repeat(50_000),
      '<'.repeat(100_000),
      `<p ${'a=1 '.repeat(50_000)}>x`,
      'word '.repeat(800_000),
      '<b><p>'.repeat(200),
    ])
      expect(readHtml(page(`${body} <p>the end</p>`)).length, body.slice(0, 20)).to.be.greaterThan(0);
  });
});
