/** What every file store promises: in a folder, and in memory. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { FolderFiles } from '#adapters/files/folder-files.ts';
import { MemoryFiles } from '#adapters/memory/library/files.ts';
import type { Files } from '#application/library/documents/files.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';

async function* chunks(...parts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}

const STORES: Readonly<Record<string, () => Promise<Files>>> = {
  'in a folder': () => FolderFiles.open(temporaryFolder()),
  'in memory': async () => new MemoryFiles({ clock: { now: () => new Date() } }),
};

for (const [name, open] of Object.entries(STORES)) {
  describe(`Files ${name}`, () => {
    let files: Files;
    beforeEach(async () => {
      files = await open();
    });
    const names = async () => (await files.list()).map((file) => file.name);

    it('are read as they were written, whole, from their beginning, and piece by piece', async () => {
      const written = await files.write(chunks('Aboleth', ', ', 'and more'), 100);
      const sha256 = createHash('sha256').update('Aboleth, and more').digest('hex');
      expect(written).to.deep.equal({ name: written.name, bytes: 17, sha256 });
      expect(Buffer.from(await files.read(written.name)).toString()).to.equal('Aboleth, and more');
      expect(Buffer.from(await files.readHead(written.name, 7)).toString()).to.equal('Aboleth');
      expect(Buffer.from(await files.readHead(written.name, 99)).toString()).to.equal('Aboleth, and more');
      const { bytes, chunks: pieces } = await files.open(written.name);
      expect([bytes, await textOf(pieces)]).to.deep.equal([17, 'Aboleth, and more']);
    });

    it('have names that tell nothing, each its own, also with the same bytes', async () => {
      const both = await Promise.all([files.write(chunks('a'), 9), files.write(chunks('a'), 9)]);
      for (const one of both) expect(one.name).to.match(/^[0-9a-f]{32}$/);
      expect(both[0].name).not.to.equal(both[1].name);
      expect(await names()).to.have.members(both.map((one) => one.name));
    });

    it('may be empty, and as large as the limit', async () => {
      expect(await files.write(chunks(), 0)).to.include({ bytes: 0 });
      expect(await files.write(chunks('123'), 3)).to.include({ bytes: 3 });
    });

    it('leave nothing behind beyond the limit, or where what is written breaks off', async () => {
      expect(await refusalOf(files.write(chunks('12', '34'), 3))).to.equal('document_too_large');
      const broken = (async function* () {
        yield Buffer.from('half');
        throw new Error('The client left.');
      })();
      expect(await failureOf(files.write(broken, 99))).to.have.property('message', 'The client left.');
      expect(await names()).to.deep.equal([]);
    });

    it('are gone once they are removed, which may happen twice', async () => {
      const { name: gone } = await files.write(chunks('a'), 9);
      await files.remove(gone);
      await files.remove(gone);
      for (const read of [() => files.read(gone), () => files.readHead(gone, 1), () => files.open(gone)])
        expect(await refusalOf(read())).to.equal('file_missing');
    });
  });
}

describe('Files in a folder, beside others', () => {
  it('are for the owner alone, and touch nothing that is not theirs', async () => {
    const folder = join(temporaryFolder(), 'a', 'files');
    const files = await FolderFiles.open(folder);
    writeFileSync(join(folder, 'README'), 'not ours');
    const { name } = await files.write(chunks('a'), 9);
    expect((await files.list()).map((file) => file.name)).to.deep.equal([name]);
    expect([statSync(folder).mode & 0o777, statSync(join(folder, name)).mode & 0o777]).to.deep.equal([0o700, 0o600]);
    for (const path of ['README', '../app.db', `../${name}`, '', `${name}/..`]) {
      expect(await failureOf(files.remove(path)), path).to.be.instanceOf(Error);
      expect(await failureOf(files.read(path)), path).to.be.instanceOf(Error);
    }
    expect(readdirSync(folder)).to.have.members(['README', name]);
  });

  it('tell when they were written, also of what was left behind half-written', async () => {
    const folder = temporaryFolder();
    const files = await FolderFiles.open(folder);
    const partial = `${'0'.repeat(32)}.partial`;
    writeFileSync(join(folder, partial), 'half');
    utimesSync(join(folder, partial), 1_000, 1_000);
    expect(await files.list()).to.deep.equal([{ name: partial, writtenAt: new Date(1_000_000) }]);
    await files.remove(partial);
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});
