/** The index of messages: brought up behind the requests, never trusted, and made anew where it is of no use. */
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { openSearchFile, searchFilesOf } from '#adapters/sequelize/sqlite/search-file.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { searchedDatabases } from '../../support/backends/searched-stores.ts';
import { ON_SQL_DATABASES } from '../../support/backends/sql-databases.ts';
import { aMembership } from '../../support/builders/records.ts';
import { placesOf, seqsOf, Talk } from '../../support/builders/searching.ts';

/** More than a page of the index, and more than is searched without one. */
const MANY = 2_100;

contract('The search index', ON_SQL_DATABASES, searchedDatabases, (harness) => {
  let talk: Talk;
  let me: UserId;
  beforeEach(async () => {
    talk = new Talk(harness());
    me = await talk.user();
  });

  const behind = () => harness().kept().upkeep.behind();
  const deleteThread = (id: ThreadId) =>
    harness().database.sequelize.query('DELETE FROM threads WHERE id = :id', { replacements: { id } });

  it('comes to all messages that were there before it, in steps, and says how far it is', async () => {
    const thread = await talk.thread(me, ['the first word', ...Array(MANY).fill('a word')]);
    expect(await behind()).to.equal(MANY + 1);
    const before = await talk.find(me, 'first');
    expect(seqsOf(before)).to.deep.equal([]);
    expect(before).to.include({ messages: MANY + 1, searched: 2_000 });
    await harness().kept().upkeep.step();
    expect(await behind()).to.be.within(1, MANY);
    // As after a kill between two steps.
    await harness().reopen();
    const during = await talk.find(me, 'first');
    expect(placesOf(during)).to.deep.equal([`${thread}/1`]);
    await harness().index();
    expect(await behind()).to.equal(0);
    expect(await talk.find(me, 'first')).to.include({ messages: MANY + 1, searched: MANY + 1 });
  });

  it('has messages of any length, whatever is in them', async () => {
    await talk.thread(me, [
      'x'.repeat(200_000),
      '字'.repeat(150_000),
      `${'word '.repeat(30_000)}`,
      "'\\:&|!()<-> needle",
    ]);
    await harness().index();
    expect(seqsOf(await talk.find(me, 'needle'))).to.deep.equal([4]);
    expect(seqsOf(await talk.find(me, '字字字'))).to.deep.equal([2]);
    expect(seqsOf(await talk.find(me, '"word word"'))).to.deep.equal([3]);
  });

  it('loses what was deleted, and gives nothing of it back under the number of another message', async () => {
    const gone = await talk.thread(me, Array(600).fill('a secret'));
    await harness().index();
    await deleteThread(gone);
    expect(placesOf(await talk.find(me, 'secret'))).to.deep.equal([]);
    // On SQLite it has the numbers of what is gone.
    const next = await talk.thread(me, ['open words']);
    expect(placesOf(await talk.find(me, 'secret'))).to.deep.equal([]);
    await harness().index();
    expect(placesOf(await talk.find(me, 'secret'))).to.deep.equal([]);
    expect(placesOf(await talk.find(me, 'open'))).to.deep.equal([`${next}/1`]);
    expect(await documentsOf('secret')).to.equal(0);
  });

  it('gives nobody a message of others that has the number of one of theirs which is gone', async () => {
    const kept = await talk.thread(me, ['open words']);
    await talk.thread(me, ['other words']);
    const gone = await talk.thread(me, ['a secret']);
    await harness().index();
    await deleteThread(gone);
    await talk.thread(await talk.user(), ['a secret']);
    expect(placesOf(await talk.find(me, 'secret'))).to.deep.equal([]);
    expect(placesOf(await talk.find(me, 'open'))).to.deep.equal([`${kept}/1`]);
  });

  it('follows a thread to those who may read it now', async () => {
    const other = await talk.user();
    const game = await talk.game(other);
    const thread = await talk.thread(me, ['a lantern', 'a lamp'], { gameId: game.id });
    await harness().index();
    expect(placesOf(await talk.find(other, 'lantern'))).to.deep.equal([`${thread}/1`]);
    await harness().stores.unitOfWork.run(({ games }) => games.remove(game.id));
    for (const index of [async () => {}, harness().index]) {
      await index();
      expect(placesOf(await talk.find(other, 'lantern'))).to.deep.equal([]);
      expect(placesOf(await talk.find(me, 'lantern'))).to.deep.equal([`${thread}/1`]);
    }
  });

  it('passes over what was indexed of a longer transcript, as after a restore', async () => {
    const thread = await talk.thread(me, ['one', 'two', 'three']);
    await harness().index();
    await harness().database.sequelize.query('DELETE FROM messages WHERE seq > 1');
    await harness().database.sequelize.query('UPDATE threads SET last_seq = 1, version = version');
    await harness().index();
    expect(placesOf(await talk.find(me, 'three'))).to.deep.equal([]);
    expect(placesOf(await talk.find(me, 'one'))).to.deep.equal([`${thread}/1`]);
    expect(await documentsOf('three')).to.equal(0);
  });

  it('keeps up with threads of several, whoever owns them', async () => {
    const [a, b] = [await talk.user(), await talk.user()];
    const game = await talk.game(a);
    await harness().stores.unitOfWork.run(({ memberships }) => memberships.add(aMembership(game.id, b)));
    const threads = [await talk.thread(a, ['rope'], { gameId: game.id }), await talk.thread(b, ['rope'])];
    await harness().index();
    expect(placesOf(await talk.find(a, 'rope'))).to.deep.equal([`${threads[0]}/1`]);
    expect(placesOf(await talk.find(b, 'rope'))).to.have.members(threads.map((thread) => `${thread}/1`));
  });

  it('is made anew where its file is damaged, of another version, or gone', async function () {
    const [file] = searchFilesOf(harness().file ?? '');
    if (harness().file === null || file === undefined) return this.skip();
    await talk.thread(me, ['a torch']);
    await harness().index();
    const harms = [
      () => writeFileSync(file, 'no database at all, but long enough to be looked at as one'.repeat(99)),
      () => truncateSync(file, 0),
      () => rmSync(file),
      () => new DatabaseSync(file).exec('PRAGMA user_version = 999'),
    ];
    for (const harm of harms) {
      await harness().reopen(harm);
      expect(await behind()).to.equal(1);
      await harness().index();
      expect(seqsOf(await talk.find(me, 'torch'))).to.deep.equal([1]);
    }
  });

  /** Documents with a word in the index itself, past every check of what is still there. */
  async function documentsOf(word: string): Promise<number> {
    const { sequelize } = harness().database;
    if (sequelize.getDialect() === 'postgres') {
      const sql = `SELECT COUNT(*)::int AS count FROM search_documents WHERE words @@ '${word}'::tsquery`;
      const [[row]] = (await sequelize.query(sql)) as unknown as [[{ count: number }]];
      return row.count;
    }
    const database = openSearchFile(harness().file ?? '');
    try {
      const keys = database.prepare('SELECT key FROM search_audiences').all();
      const expression = keys.map(({ key }) => `"${key}·${word}"`).join(' OR ');
      return database.prepare('SELECT rowid FROM search_words WHERE search_words MATCH ?').all(expression).length;
    } finally {
      database.close();
    }
  }
});
