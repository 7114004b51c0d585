/** `npm run library -- read`: documents as they would be cited. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { zip } from '../../support/documents/zip.ts';
import { CLI } from '../../support/project.ts';

describe('npm run library -- read', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'library-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [CLI, 'library', ...args], { cwd: folder, env: {} }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );

  it('prints each passage under its number and path', async () => {
    const words = 'word '.repeat(25).trim();
    writeFileSync(join(folder, 'a.md'), `# Monsters\n\n## Ape\n\n${words}\n\n## Bear\n\n${words}\n`);
    expect(await run('read', 'a.md')).to.deep.equal({
      code: 0,
      stdout: `a.md: markdown, 2 passages\n\n[1 · Monsters > Ape]\n${words}\n\n[2 · Monsters > Bear]\n${words}\n`,
      stderr: '',
    });
  });

  it('says what is wrong with a document and what to do, prints the others, and ends with 1', async () => {
    writeFileSync(join(folder, 'empty.md'), '');
    writeFileSync(join(folder, 'image.md'), '\u0089PNG\0');
    writeFileSync(join(folder, 'text.txt'), 'Only text.');
    const { code, stdout, stderr } = await run('read', 'empty.md', 'image.md', 'none.md', 'text.txt');
    expect(code).to.equal(1);
    expect(stdout).to.equal('text.txt: text, 1 passage\n\n[1]\nOnly text.\n');
    expect(stderr.split('\n')).to.deep.equal([
      'empty.md: The document is empty. Send the file again, once it has something in it.',
      'image.md: This is no document that can be read. Send PDF, DOCX, EPUB, HTML, Markdown, text, VTT, SRT, CSV, XML or ZIP.',
      'none.md: The file cannot be read (ENOENT).',
      '',
    ]);
  });

  it('prints the documents of an archive, each by its name in it', async () => {
    const files = [
      { name: 'in/a.md', content: 'One.' },
      { name: 'b.png', content: '\0' },
    ];
    writeFileSync(join(folder, 'a.zip'), zip(files));
    const { code, stdout, stderr } = await run('read', 'a.zip');
    expect([code, stdout]).to.deep.equal([1, 'a.zip: in/a.md: markdown, 1 passage\n\n[1]\nOne.\n']);
    expect(stderr).to.match(/^a\.zip: b\.png: This is no document/);
  });

  it('prints nothing that moves the cursor', async () => {
    writeFileSync(join(folder, 'a.txt'), 'red \u001b[31m and \u009b2J bell');
    const { stdout } = await run('read', 'a.txt');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
    expect(stdout).not.to.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  it('shows the usage of anything else', async () => {
    for (const args of [[], ['read'], ['burn', 'a.md']]) {
      const { code, stderr } = await run(...args);
      expect([code, stderr.includes('npm run library -- read <path...>')], args.join(' ')).to.deep.equal([1, true]);
    }
  });
});
