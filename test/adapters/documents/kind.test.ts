/** The kind of a document: by its first bytes, and by its name only among kinds of text that look alike. */
import { expect } from 'chai';
import fc from 'fast-check';
import { kindOf } from '#adapters/documents/kind.ts';
import { DomainError } from '#domain/shared/domain-error.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
/** The header of a first file in an archive. */
const zipped = (name: string, content = '') => {
  const header = Buffer.alloc(30);
  header.write('PK\u0003\u0004', 'latin1');
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, bytes(name + content)]);
};

const refusalOf = (content: Uint8Array, name = '') => {
  try {
    return kindOf(content, name);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return `${error.code} ${error.details.reason ?? ''}`.trim();
  }
};

describe('The kind of a document', () => {
  const kinds: readonly [string, Uint8Array][] = [
    ['pdf', bytes('%PDF-1.7\n%\u00e2\u00e3')],
    ['pdf', bytes('\n\njunk %PDF-1.4')],
    ['epub', zipped('mimetype', 'application/epub+zip')],
    ['docx', zipped('[Content_Types].xml')],
    ['docx', zipped('word/document.xml')],
    ['docx', zipped('_rels/.rels')],
    ['zip', zipped('notes/one.md')],
    ['zip', bytes(`PK\u0005\u0006${'\0'.repeat(18)}`)],
    ['html', bytes('<!DOCTYPE html>\n<title>x</title>')],
    ['html', bytes('\n <html lang="en">')],
    ['html', bytes('<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">')],
    ['html', bytes('<div>Some text</div>')],
    ['xml', bytes('<?xml version="1.0"?>\n<book/>')],
    ['xml', bytes('<!DOCTYPE book [<!ENTITY a "b">]><book/>')],
    ['xml', bytes('<book><page/></book>')],
    ['vtt', bytes('WEBVTT - a game\n\n')],
    ['vtt', bytes('\u00ef\u00bb\u00bfWEBVTT\n')],
    ['srt', bytes('1\r\n00:00:01,000 --> 00:00:02,000\r\nHello\r\n')],
    ['csv', bytes('name,cost,weight\nRope,1 gp,10\n"Torch, lit",1 cp,1\n')],
    ['markdown', bytes('# Monsters\n\nText.')],
    ['markdown', bytes('Some **strong** text')],
    ['markdown', bytes('| a | b |\n|---|---|\n| 1 | 2 |')],
    ['text', bytes('The dragon sleeps, it seems.\nNobody wakes it.')],
    ['text', Buffer.from('\ufeffOnly text', 'utf16le')],
    ['text', bytes('na\u00efve caf\u00e9 in latin1')],
  ];

  for (const [kind, content] of kinds)
    it(`is ${kind} where it begins with ${JSON.stringify(content.toString().slice(0, 40))}, whatever its name`, () => {
      for (const name of ['', 'book.pdf', 'book.docx', 'book.exe']) expect(kindOf(content, name), name).to.equal(kind);
    });

  it('is what the name says where the bytes are plain text', () => {
    const text = bytes('The dragon sleeps.');
    expect(['a.md', 'a.MARKDOWN', 'a.csv', 'a.txt', 'a.pdf', 'a'].map((name) => kindOf(text, name))).to.deep.equal([
      'markdown',
      'markdown',
      'csv',
      'text',
      'text',
      'text',
    ]);
  });

  it('is unknown, 415, for what is no text and none of these', () => {
    const binaries = [
      '\u0089PNG\r\n\u001a\n\0\0',
      '\u007fELF\u0002\u0001',
      'a\0b',
      '\u001f\u008b\u0008\0',
      '{\\rtf1 text}',
      'Rar!\u001a\u0007',
    ];
    for (const binary of binaries) {
      expect(refusalOf(bytes(binary), 'book.md'), JSON.stringify(binary)).to.equal('unsupported_document');
    }
  });

  it('is refused, 422, for an empty file, for blanks, and for old or encrypted Office', () => {
    expect(refusalOf(bytes(''))).to.equal('unreadable empty');
    expect(refusalOf(bytes(' \r\n\t'))).to.equal('unreadable empty');
    expect(refusalOf(Buffer.from('d0cf11e0a1b11ae100', 'hex'), 'a.docx')).to.equal('unreadable old_office');
  });

  it('is a kind or a refusal for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (content, name) => {
        expect(refusalOf(content, name)).to.be.a('string');
      }),
    );
  });

  it('is found in no time in 64 KiB of anything that begins like something', () => {
    for (const start of ['<!--', '<?xml ', '"",', '<a ', '| - ', '**a', 'PK\u0003\u0004']) {
      expect(refusalOf(bytes(start.repeat(100_000))), start).to.be.a('string');
    }
  });
});
