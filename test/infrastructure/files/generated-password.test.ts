/** Where a generated password goes, and where it never does. */
import { lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type SinonSandbox } from 'sinon';
import { loadConfig } from '#infrastructure/config/config.ts';
import { showPassword } from '#infrastructure/generated-password.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';

const GENERATED = { whose: 'first admin', login: 'a@example.org', password: 'hunter2', fileName: 'password.txt' };

describe('a generated password', () => {
  let sandbox: SinonSandbox;
  let folder: string;
  let file: string;
  beforeEach(() => {
    sandbox = createSandbox();
    folder = temporaryFolder();
    file = join(folder, 'new', 'password.txt');
  });
  afterEach(() => sandbox.restore());

  /** What was said on standard output and on standard error. */
  function shown(database: string, onTerminal: boolean): Readonly<{ out: string; err: string }> {
    const config = loadConfig({ DATABASE_URL: database, SPEED_DB_PATH: join(folder, 'new', 'speed.db') }, () => '');
    const [out, err] = [sandbox.stub(process.stdout, 'write'), sandbox.stub(process.stderr, 'write')];
    try {
      showPassword(GENERATED, config, onTerminal);
      return { out: out.args.join(''), err: err.args.join('') };
    } finally {
      sandbox.restore();
    }
  }

  for (const database of ['sqlite', 'postgres']) {
    it(`goes into a file for its owner alone, beside the files of a server on ${database}`, () => {
      const url = { sqlite: `sqlite:${join(folder, 'new', 'app.db')}`, postgres: 'postgres://localhost/app' }[database];
      const { out, err } = shown(url ?? '', false);
      expect(out).to.contain(file).and.to.contain('a@example.org').and.not.to.contain('hunter2');
      expect(err).to.equal('');
      expect(readFileSync(file, 'utf8')).to.equal('a@example.org\nhunter2\n');
      expect(statSync(file).mode & 0o777).to.equal(0o600);
    });
  }

  it('is printed on a terminal, and where a database in memory has no folder', () => {
    expect(shown('sqlite:/nowhere/app.db', true).out).to.contain('Password: hunter2');
    expect(shown('memory:', false).out).to.contain('Password: hunter2');
  });

  it('follows no link, dangling or not, and keeps no rights that a file had before', () => {
    mkdirSync(join(folder, 'new'));
    const bait = join(folder, 'bait');
    for (const prepare of [
      () => symlinkSync(bait, file),
      () => symlinkSync(join(folder, 'missing'), file),
      () => writeFileSync(file, '', { mode: 0o666 }),
    ]) {
      writeFileSync(bait, 'bait', { mode: 0o666 });
      rmSync(file, { force: true });
      prepare();
      expect(shown(`sqlite:${join(folder, 'new', 'app.db')}`, false).err).to.equal('');
      expect(readFileSync(bait, 'utf8')).to.equal('bait');
      expect(lstatSync(file).isFile()).to.equal(true);
      expect(lstatSync(file).mode & 0o777).to.equal(0o600);
      expect(readFileSync(file, 'utf8')).to.contain('hunter2');
    }
  });

  it('is told on standard error where a folder is in its place, and never lost', () => {
    mkdirSync(file, { recursive: true });
    const { out, err } = shown(`sqlite:${join(folder, 'new', 'app.db')}`, false);
    expect(out).to.equal('');
    expect(err).to.contain(`${file} cannot be written`).and.to.contain('Password: hunter2');
  });
});
