/** Archives: their files are documents, within limits that hold whatever an archive claims. */
import { expect } from 'chai';
import { documentsIn } from '#adapters/documents/documents-in.ts';
import { ARCHIVE_LIMITS, filesIn } from '#adapters/documents/packed/archive.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { refusalOf } from '../../support/documents/refused.ts';
import { zip } from '../../support/documents/zip.ts';

const MB = 1_000_000;

async function outcome(files: AsyncIterable<{ name: string; bytes: Uint8Array }>) {
  const names: string[] = [];
  try {
    for await (const { name } of files) names.push(name);
    return names;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return `${error.kind} ${error.details.reason}`;
  }
}

const unpack = (bytes: Uint8Array) => outcome(documentsIn({ bytes, name: 'a.zip' }));
const limited = (bytes: Uint8Array, limits: Partial<typeof ARCHIVE_LIMITS>) =>
  outcome(filesIn(bytes, () => true, { ...ARCHIVE_LIMITS, ...limits }));
/** What cannot be packed tightly. */
const noise = (size: number) => {
  const bytes = Buffer.alloc(size);
  let state = 1;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = 32 + ((state >>> 24) % 90);
  }
  return bytes;
};

describe('An archive', function () {
  this.timeout(60_000);

  it('is the documents in it, with their paths, without what systems add', async () => {
    const files = [
      { name: 'books/', mode: 0o040755 },
      { name: 'books/one.md', content: '# One' },
      { name: 'two — zwei.txt', content: 'Two', stored: true },
      { name: '__MACOSX/books/._one.md', content: '\0' },
      { name: 'books/.DS_Store', content: '\0' },
    ];
    const found: unknown[] = [];
    for await (const { name, bytes } of documentsIn({ bytes: zip(files), name: '' }))
      found.push([name, Buffer.from(bytes).toString()]);
    expect(found).to.deep.equal([
      ['books/one.md', '# One'],
      ['two — zwei.txt', 'Two'],
    ]);
  });

  it('is one document where it is no archive', async () => {
    expect(await unpack(Buffer.from('# One'))).to.deep.equal(['a.zip']);
  });

  it('has at most 1 000 entries', async () => {
    const files = (count: number) => zip(Array.from({ length: count }, (_, i) => ({ name: `${i}.md`, stored: true })));
    expect(await unpack(files(1_000))).to.have.length(1_000);
    expect(await unpack(files(1_001))).to.equal('too_large entries');
    expect(await unpack(files(100_000))).to.equal('too_large entries');
  });

  it('has files of at most 50 MB, counted as they inflate', async () => {
    const content = Buffer.alloc(51 * MB, noise(2_000));
    const honest = zip([{ name: 'a.txt', content }]);
    expect(await limited(honest, { ratio: 10_000 })).to.equal('too_large entry_bytes');
    expect(await limited(zip([{ name: 'a.txt', content, claimedSize: 10 }]), { ratio: 10_000 })).to.equal(
      'too_large entry_bytes',
    );
    expect(
      await limited(zip([{ name: 'a.txt', content: content.subarray(0, 50 * MB) }]), { ratio: 10_000 }),
    ).to.deep.equal(['a.txt']);
  });

  it('has at most 200 MB in all, and a ratio of at most 100', async () => {
    const file = { content: noise(2 * MB) };
    const bytes = zip([
      { name: 'a', ...file },
      { name: 'b', ...file },
      { name: 'c', ...file },
    ]);
    expect(await limited(bytes, { totalBytes: 5 * MB })).to.equal('too_large unpacked_bytes');
    expect(await limited(bytes, { totalBytes: 6 * MB })).to.deep.equal(['a', 'b', 'c']);
    expect(await unpack(zip([{ name: 'zeros.txt', content: Buffer.alloc(40 * MB, ' ') }]))).to.equal('too_large ratio');
    expect(await unpack(zip([{ name: 'zeros.txt', content: Buffer.alloc(40 * MB, ' '), claimedSize: 1 }]))).to.equal(
      'too_large ratio',
    );
    expect(await unpack(zip([{ name: 'blank.txt', content: Buffer.alloc(MB / 2, ' ') }]))).to.deep.equal(['blank.txt']);
  });

  it('has a ratio of at most 100 also where it has many small files, or one under many names', async () => {
    const content = Buffer.alloc(0.9 * MB, ' ');
    const files = (shared: boolean) =>
      Array.from({ length: 100 }, (_, i) => ({ name: `n${i}.txt`, content, shared: shared && i > 0 }));
    for (const shared of [true, false]) expect(await unpack(zip(files(shared)))).to.equal('too_large ratio');
  });

  it('has no names that lead out of it, or that look as others', async () => {
    const names = [
      '../a.md',
      'b/../../a.md',
      '/etc/a.md',
      'C:/a.md',
      '..\\a.md',
      'a\0.md',
      'a\n.md',
      'exe\u202efdp.md',
      'a\u2067b.md',
      '\u200fa.md',
      '',
    ];
    for (const name of names)
      expect(
        await unpack(
          zip([
            { name: 'good.md', content: 'x' },
            { name, content: 'x' },
          ]),
        ),
        JSON.stringify(name),
      ).to.equal('unreadable unsafe_name');
    expect(await unpack(zip([{ name: 'a..b/…md', content: 'x' }]))).to.deep.equal(['a..b/…md']);
  });

  it('has no links or devices', async () => {
    for (const mode of [0o120777, 0o060644, 0o010644])
      expect(await unpack(zip([{ name: 'a.md', content: '/etc/passwd', mode }])), mode.toString(8)).to.equal(
        'unreadable link',
      );
  });

  it('has no archive in it, whatever its name, but documents that are packed', async () => {
    const inner = zip([{ name: 'a.md', content: 'x' }]);
    expect(await unpack(zip([{ name: 'inner.md', content: inner }]))).to.equal('unreadable nested');
    expect(await refusalOf(inner)).to.equal('unreadable unreadable nested');
    const packed = zip([{ name: 'word/document.xml', content: '<a/>' }]);
    expect(await unpack(zip([{ name: 'a.docx', content: packed }]))).to.deep.equal(['a.docx']);
  });

  it('is refused where it is encrypted, empty, cut off, packed by another method, or not what it claims', async () => {
    const file = { name: 'a.md', content: noise(10_000) };
    const whole = zip([file]);
    expect(await unpack(zip([{ ...file, flags: 1 }]))).to.equal('unreadable encrypted');
    expect(await unpack(zip([]))).to.equal('unreadable empty');
    expect(await unpack(zip([{ ...file, method: 12 }]))).to.equal('unreadable compression');
    expect(await unpack(zip([{ ...file, crc: 1 }]))).to.equal('unreadable broken');
    expect(await unpack(zip([{ ...file, claimedSize: 10_001 }]))).to.equal('unreadable broken');
    for (const share of [0.01, 0.5, 0.99])
      expect(await unpack(whole.subarray(0, whole.length * share)), `${share}`).to.equal('unreadable broken');
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 1_000, 2_000);
    expect(await unpack(damaged)).to.equal('unreadable broken');
  });
});
