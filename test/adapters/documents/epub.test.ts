/** Reading EPUB. */
import { expect } from 'chai';
import { readDocument } from '#adapters/documents/read-document.ts';
import { refusalOf } from '../../support/documents/refused.ts';
import { shown } from '../../support/documents/shown.ts';
import { type ZippedFile, zip } from '../../support/documents/zip.ts';

const chapter = (body: string, title = '<title/>') =>
  `<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head>${title}</head><body>${body}</body></html>`;

const CONTAINER = '<container><rootfiles><rootfile full-path="OPS/book.opf" media-type="x"/></rootfiles></container>';
const OPF = `<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf"><manifest>
  <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
  <item id="b" href="text/b.xhtml" media-type="application/xhtml+xml"/>
  <item id="a" href="text/a%20one.xhtml" media-type="application/xhtml+xml"/>
  <item id="notes" href="text/notes.xhtml" media-type="application/xhtml+xml"/>
  <item id="gone" href="../../etc/passwd" media-type="application/xhtml+xml"/></manifest>
  <spine><itemref idref="a"/><itemref idref="b"/><itemref idref="gone"/><itemref idref="unknown"/><itemref idref="notes" linear="no"/></spine></package>`;
const NAV = chapter(
  '<nav><ol><li><a href="text/a%20one.xhtml#x">First</a></li><li><a href="text/b.xhtml">Second</a></li></ol></nav>',
);

const parts: readonly ZippedFile[] = [
  { name: 'mimetype', content: 'application/epub+zip', stored: true },
  { name: 'META-INF/container.xml', content: CONTAINER },
  { name: 'OPS/book.opf', content: OPF },
  { name: 'OPS/nav.xhtml', content: NAV },
  { name: 'OPS/text/a one.xhtml', content: chapter('<h1>Chapter <a id="p1"/>One</h1><p>It begins.</p>') },
  { name: 'OPS/text/b.xhtml', content: chapter('<p>It&#160;ends&mdash;<i>here</i>.</p>') },
  { name: 'OPS/text/notes.xhtml', content: chapter('<p>Not shown.</p>') },
];
const epub = (...more: readonly ZippedFile[]) => {
  const names = new Set(more.map(({ name }) => name));
  return zip([...parts.filter(({ name }) => !names.has(name)), ...more]);
};

describe('Reading EPUB', () => {
  it('finds its chapters in the order of the spine, with their headings, or what the contents call them', async () => {
    const { kind, blocks } = await readDocument({ bytes: epub(), name: 'a.zip' });
    expect(kind).to.equal('epub');
    expect(shown(blocks)).to.deep.equal(['# Chapter One', 'It begins.', '# Second', 'It ends—here.']);
  });

  it('finds names in the contents of older books, and does without contents', async () => {
    const opf = OPF.replace(
      'href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"',
      'href="toc.ncx" media-type="application/x-dtbncx+xml"',
    );
    const ncx =
      '<?xml version="1.0"?><!DOCTYPE ncx PUBLIC "a" "b"><ncx><navMap><navPoint><navLabel><text>The end</text></navLabel><content src="text/b.xhtml"/></navPoint></navMap></ncx>';
    const old = epub({ name: 'OPS/book.opf', content: opf }, { name: 'OPS/toc.ncx', content: ncx });
    expect(shown((await readDocument({ bytes: old, name: '' })).blocks)).to.include('# The end');
    for (const content of ['', '<broken'])
      expect(
        shown((await readDocument({ bytes: epub({ name: 'OPS/nav.xhtml', content }), name: '' })).blocks),
      ).to.have.length(3);
  });

  it('is refused with rights or encrypted chapters, but not for encrypted fonts', async () => {
    const encrypted = (uri: string) => ({
      name: 'META-INF/encryption.xml',
      content: `<e><EncryptedData><CipherReference URI="${uri}"/></EncryptedData></e>`,
    });
    expect(await refusalOf(epub({ name: 'META-INF/rights.xml', content: '<r/>' }))).to.equal(
      'unreadable unreadable encrypted',
    );
    expect(await refusalOf(epub(encrypted('OPS/text/b.xhtml')))).to.equal('unreadable unreadable encrypted');
    expect(await refusalOf(epub(encrypted('OPS/font.otf')))).to.equal('read as epub');
  });

  it('is refused where it is none, cut off, or without text', async () => {
    expect(await refusalOf(zip([parts[0]!]))).to.equal('unreadable unreadable not_its_kind');
    expect(await refusalOf(epub({ name: 'META-INF/container.xml', content: '<container/>' }))).to.equal(
      'unreadable unreadable not_its_kind',
    );
    expect(await refusalOf(epub({ name: 'OPS/book.opf', content: '<package>' }))).to.equal(
      'unreadable unreadable broken',
    );
    expect(await refusalOf(epub({ name: 'OPS/book.opf', content: '<package/>' }))).to.equal(
      'unreadable unreadable no_text',
    );
    expect(await refusalOf(epub().subarray(0, 900))).to.equal('unreadable unreadable broken');
    expect(await refusalOf(epub({ name: '../x.xhtml', content: 'x' }))).to.equal('unreadable unreadable unsafe_name');
  });

  it('expands no entity of a DOCTYPE', async () => {
    const bomb = '<!DOCTYPE package [<!ENTITY a "text"><!ENTITY b "&a;&a;">]><package>&b;</package>';
    expect(await refusalOf(epub({ name: 'OPS/book.opf', content: bomb }))).to.equal('unreadable unreadable broken');
    const text = '<!DOCTYPE html [<!ENTITY f SYSTEM "file:///etc/passwd">]><html><body><p>a &f; b</p></body></html>';
    const { blocks } = await readDocument({ bytes: epub({ name: 'OPS/text/b.xhtml', content: text }), name: '' });
    expect(JSON.stringify(shown(blocks))).not.to.include('root:');
  });
});
