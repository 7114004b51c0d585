/** What the embedded sessions promise beyond their contract: when uses reach the file, and who may open it. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { restore, useFakeTimers } from 'sinon';
import { SessionTable } from '#adapters/embedded/session-table.ts';
import { EmbeddedSessions } from '#adapters/embedded/sessions.ts';
import { SpeedFile } from '#adapters/embedded/speed-file.ts';
import { aSession, at, newId } from '../../support/builders/records.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';

describe('the embedded sessions', () => {
  let path: string;
  let sessions: EmbeddedSessions;
  const open = () => new EmbeddedSessions({ file: new SpeedFile({ path, synchronous: 'full' }) });

  beforeEach(() => {
    path = join(temporaryFolder(), 'speed.db');
    sessions = open();
  });

  afterEach(() => {
    restore();
    sessions.close();
  });

  /** What a process would find that starts after this one was killed now. */
  async function afterKill(digest: string) {
    const copy = join(temporaryFolder(), 'copy.db');
    for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
    const next = new EmbeddedSessions({ file: new SpeedFile({ path: copy, synchronous: 'full' }) });
    const found = await next.find(digest, at(0));
    next.close();
    return found;
  }

  it('write the start and the end of a session to the file before they resolve', async () => {
    const session = aSession(newId('user'));
    await sessions.begin(session, 9);
    expect(await afterKill(session.digest)).to.deep.equal(session);
    await sessions.end(session.digest);
    expect(await afterKill(session.digest)).to.equal(undefined);
  });

  it('write the use of a session to the file within a second', async () => {
    const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const session = aSession(newId('user'));
    await sessions.begin(session, 9);
    const used = { ...session, lastSeenAt: at(5), idleEndAt: at(105) };
    await sessions.touch(used);
    clock.tick(1_000);
    expect(await afterKill(session.digest)).to.deep.equal(used);
  });

  it('tell how many uses are not written, and since when the oldest waits', async () => {
    const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const [one, other] = [aSession(newId('user')), aSession(newId('user'))];
    for (const session of [one, other]) await sessions.begin(session, 9);
    expect([sessions.size, sessions.unwritten]).to.deep.equal([2, { count: 0, lagMs: 0 }]);
    const use = (session: typeof one) => sessions.touch({ ...session, lastSeenAt: at(5), idleEndAt: at(105) });
    await use(one);
    clock.tick(600);
    await use(other);
    await use(one);
    clock.tick(300);
    expect(sessions.unwritten).to.deep.equal({ count: 2, lagMs: 900 });
    clock.tick(100);
    expect(sessions.unwritten).to.deep.equal({ count: 0, lagMs: 0 });
  });

  it('delete expired sessions from the file', async () => {
    const expired = aSession(newId('user'), { createdAt: at(0), idleEndAt: at(10) });
    await sessions.begin(expired, 9);
    await sessions.begin(
      aSession(newId('user'), { createdAt: at(3_600), idleEndAt: at(9_999), absoluteEndAt: at(99_999) }),
      9,
    );
    sessions.close();
    const file = new SpeedFile({ path, synchronous: 'full' });
    expect(new SessionTable(file).find(expired.digest)).to.equal(undefined);
    file.close();
    sessions = open();
  });

  it('keep the sessions of a file that an earlier release wrote, and count them as begun by password', async () => {
    sessions.close();
    const old = new DatabaseSync(path);
    old.exec('ALTER TABLE sessions DROP COLUMN oauth_account_id');
    const { digest, id, userId, ...session } = aSession(newId('user'), { oauthAccountId: null });
    const { createdAt, lastSeenAt, idleEndAt, absoluteEndAt, epoch, ip, userAgent } = session;
    const times = [createdAt, lastSeenAt, idleEndAt, absoluteEndAt, idleEndAt].map((time) => time.getTime());
    old
      .prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(digest, id, userId, epoch, ...times, ip, userAgent);
    old.close();
    sessions = open();
    expect(await sessions.find(digest, at(0))).to.deep.equal({ digest, id, userId, ...session });
    const begun = aSession(newId('user'));
    await sessions.begin(begun, 9);
    expect(await afterKill(begun.digest)).to.deep.equal(begun);
  });

  it('refuse a file that is already open, and name the file without its folder', () => {
    expect(open).to.throw(/^Another Tavernkeep process is using speed\.db.*Stop it first\.$/u);
  });
});
