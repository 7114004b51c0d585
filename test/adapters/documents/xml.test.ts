/** Reading XML. */
import { expect } from 'chai';
import { readXml } from '#adapters/documents/markup/xml-records.ts';
import { passagesOf } from '#domain/retrieval/passage.ts';
import { refusalOf } from '../../support/documents/refused.ts';
import { shown } from '../../support/documents/shown.ts';

const XML = '<?xml version="1.0"?>\n';

describe('Reading XML', () => {
  it('makes a section of what has a name, with its values as lines', () => {
    const text = `${XML}<compendium version="5"><monster><name>Aboleth</name><cr>10</cr><note/>
      <action><name>Tail</name><text>It <b>hits</b> hard.</text></action><source>SRD</source></monster>
      <spell name="Light" level="0"><text>A light &amp; more &#8212; <![CDATA[<here>]]></text></spell></compendium>`;
    expect(shown(readXml(text))).to.deep.equal([
      'version: 5',
      '## Aboleth',
      'cr: 10',
      '### Tail',
      'It hits hard.',
      '## Aboleth',
      'source: SRD',
      '## Light',
      'level: 0\nA light & more — <here>',
    ]);
  });

  it('reads a book of chapters, and one that is a single text', () => {
    const text = `${XML}<b:book xmlns:b="urn:x"><b:title>Rules</b:title><b:chapter><b:title>One</b:title><b:p>First.</b:p><b:p>Second.</b:p></b:chapter></b:book>`;
    expect(shown(readXml(text))).to.deep.equal(['# Rules', '## One', 'First.\nSecond.']);
    expect(shown(readXml('<p>Only <b>this</b>.</p>'))).to.deep.equal(['Only this.']);
  });

  it('refuses a DOCTYPE, with entities of any kind or without', async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY l0 "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')}]><a>&l9;</a>`;
    const outside = '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>';
    for (const text of [bomb, outside, '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a>x</a>', '<!DOCTYPE a><a>x</a>'])
      expect(await refusalOf(XML + text), text.slice(0, 40)).to.equal('unreadable unreadable doctype');
  });

  it('refuses what is cut off, what names an unknown entity, and what is nested without end', async () => {
    expect(await refusalOf(`${XML}<a><b>text</b>`)).to.equal('unreadable unreadable broken');
    expect(await refusalOf(`${XML}<a>&nope;</a>`)).to.equal('unreadable unreadable broken');
    expect(await refusalOf(`${XML}<a>text</a><b/>`)).to.equal('unreadable unreadable broken');
    expect(await refusalOf(XML + '<a>'.repeat(100_000))).to.equal('unreadable unreadable too_deep');
    expect(await refusalOf(`${XML}<a>${'<b/>'.repeat(1_100_000)}</a>`)).to.equal(
      'too_large document_too_large elements',
    );
    expect(await refusalOf(`${XML}<a><b/></a>`)).to.equal('unreadable unreadable no_text');
  });

  it('reads an element of 200 000 attributes', () => {
    const attributes = Array.from({ length: 200_000 }, (_, i) => ` a${i}="v${i}"`);
    expect(shown(readXml(`<a><b${attributes.join('')}/></a>`))[0]).to.match(/a199999: v199999$/);
  });

  it('reads 100 000 records', () => {
    const records = Array.from({ length: 100_000 }, (_, i) => `<r><name>n${i}</name><v>${i}</v></r>`);
    const held = passagesOf(readXml(`<a>${records.join('')}</a>`)).flatMap(({ text }) => text.match(/v: \d+/g) ?? []);
    expect(held).to.have.length(100_000);
  });
});
