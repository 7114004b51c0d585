/** Files that cannot be used: the start names them and says what to do, and readiness tells what cannot be written. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { stub } from 'sinon';
import { EmbeddedSessions } from '#adapters/embedded/sessions.ts';
import { SpeedFile } from '#adapters/embedded/speed-file.ts';
import { loadConfig } from '#infrastructure/config/config.ts';
import { explained } from '#infrastructure/config/database-setting.ts';
import { openDatabase } from '#infrastructure/stores/records.ts';
import { aSession, at, newId } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';

const GARBAGE = 'this is no database, but it is long enough to look at. '.repeat(20);

describe('files that cannot be used', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  const openSpeed = () =>
    new EmbeddedSessions({ file: new SpeedFile({ path: join(folder, 'speed.db'), synchronous: 'normal' }) });
  const refusedSpeed = async () => ((await failureOf((async () => openSpeed())())) as Error).message;
  const ADVICE = /^SPEED_DB_PATH: speed\.db cannot be used \(.+\)\. Make it writable, or remove it: .*signs in anew\.$/;

  it('are put aside where it is the file of sessions that is damaged, with a word to the operator', async () => {
    const path = join(folder, 'speed.db');
    const sessions = openSpeed();
    const session = aSession(newId('user'));
    for (let n = 0; n < 200; n += 1) await sessions.begin(aSession(newId('user')), 9);
    await sessions.begin(session, 9);
    sessions.close();
    const whole = readFileSync(path);
    const torn = Buffer.from(whole);
    torn.fill(0x5a, 4_096, 12_288);
    for (const content of [Buffer.from(GARBAGE), torn]) {
      writeFileSync(path, content);
      const told: string[] = [];
      const file = new SpeedFile({ path, synchronous: 'normal', onDamage: (message) => told.push(message) });
      const fresh = new EmbeddedSessions({ file });
      expect(told).to.deep.equal([
        'SPEED_DB_PATH: speed.db was damaged and is now speed.db.damaged; sessions begin anew.',
      ]);
      expect(readFileSync(`${path}.damaged`).equals(content)).to.equal(true);
      expect(await fresh.find(session.digest, at(0))).to.equal(undefined);
      await fresh.begin(session, 9);
      fresh.close();
      const again = openSpeed();
      expect(await again.find(session.digest, at(0))).to.deep.equal(session);
      again.close();
    }
  });

  it('are named where the file of sessions is of another version', async () => {
    const other = new DatabaseSync(join(folder, 'speed.db'));
    other.exec('CREATE TABLE sessions (name TEXT)');
    other.close();
    expect(await refusedSpeed())
      .to.match(ADVICE)
      .and.to.contain('no such column');
  });

  it('are named where the database is damaged, with what to do', async () => {
    const file = join(folder, 'app.db');
    writeFileSync(file, GARBAGE);
    const config = loadConfig({ APP_DB_PATH: file }, () => '');
    const { message } = (await failureOf(openDatabase(config, 'exclusive'))) as Error;
    expect(message).to.contain('DATABASE_URL: app.db cannot be used').and.to.contain('Restore it from a backup.');
    expect(message).not.to.contain(folder);
  });

  it('are named where the database may only be read, also by what wraps the error', () => {
    const readOnly = Object.assign(new Error('attempt to write a readonly database'), {
      code: 'ERR_SQLITE_ERROR',
      errcode: 1032,
    });
    for (const error of [readOnly, Object.assign(new Error('wrapped'), { parent: readOnly })]) {
      const { message } = explained(error, { kind: 'sqlite', file: '/srv/app.db' }) as Error;
      expect(message).to.contain('app.db cannot be used').and.to.contain('writable for the user of the server');
    }
  });

  it('name sslmode where PostgreSQL speaks no SSL', () => {
    const error = new Error('The server does not support SSL connections');
    const { message } = explained(error, { kind: 'postgres', url: 'postgres://localhost/app' }) as Error;
    expect(message).to.contain('DATABASE_URL: ').and.to.contain('sslmode');
  });

  it('make a server not ready from the first write that fails until one succeeds', async () => {
    const sessions = openSpeed();
    const full = stub(SpeedFile.prototype, 'together').throws(new Error('database or disk is full'));
    try {
      sessions.check();
      await failureOf(sessions.begin(aSession(newId('user')), 9));
      expect(() => sessions.check()).to.throw('data store cannot do this');
      full.restore();
      sessions.check();
      expect(await sessions.count(new Date(0)), 'the probe leaves nothing').to.equal(0);
    } finally {
      full.restore();
      sessions.close();
    }
  });
});
