/** The schema comes and goes in whole steps, once, whoever asks for it at the same time. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { Migrator } from '#adapters/sequelize/migrator.ts';
import { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import type { UserId } from '#domain/shared/ids.ts';
import {
  aGame,
  aKeptAnswer,
  aMembership,
  aMessage,
  anAccess,
  anApiToken,
  anAuditEntry,
  anInvitation,
  aPasswordLink,
  aRevision,
  aSource,
  aThread,
  aUser,
} from '../../support/records.ts';
import { failureOf } from '../../support/refusals.ts';
import {
  MIGRATIONS,
  openTemporaryDatabase,
  type TemporaryDatabase,
  temporaryFolder,
} from '../../support/temporary-database.ts';

const NAMES = readdirSync(MIGRATIONS)
  .map((file) => basename(file, '.ts'))
  .sort();
const NEWEST = NAMES.at(-1) as string;

describe('the migrator', () => {
  let temporary: TemporaryDatabase;

  beforeEach(async () => {
    temporary = await openTemporaryDatabase();
  });
  afterEach(() => temporary.close());

  const migrator = (folder = MIGRATIONS) => new Migrator({ sequelize: temporary.database.sequelize, folder });
  const tables = async () => {
    const rows = await temporary.database.sequelize.query<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
      { type: QueryTypes.SELECT },
    );
    return rows.map((row) => row.name);
  };

  async function fillEveryTable(): Promise<void> {
    const { unitOfWork, conversations } = temporary.database.stores();
    const user = aUser({ roles: [] });
    const thread = aThread(user.id);
    await unitOfWork.run(
      async ({
        users,
        passwordHashes,
        roles,
        threads,
        formerAuthors,
        audit,
        idempotency,
        apiTokens,
        passwordLinks,
      }) => {
        await roles.save({ name: 'bard', description: 'Sings.', builtin: false, permissions: ['chat.use'] });
        await users.add({ ...user, roles: ['bard'] });
        await passwordHashes.save(user.id, 'hash');
        await threads.add(thread);
        await formerAuthors.add(user.id);
        await audit.add(anAuditEntry());
        await idempotency.add(aKeptAnswer());
        await apiTokens.add(anApiToken(user.id));
        await passwordLinks.add(aPasswordLink(user.id));
      },
    );
    await fillGamesAndLibrary(user.id);
    const change = {
      threadId: thread.id,
      ifVersion: 1,
      ifLastSeq: null,
      pinned: true,
      title: null,
      sizeDelta: 1,
      entriesDelta: 1,
    };
    await conversations.commit({ ...change, message: aMessage(thread.id), revision: aRevision() });
  }

  async function fillGamesAndLibrary(userId: UserId): Promise<void> {
    const [game, source] = [aGame(userId), aSource()];
    await temporary.database.stores().unitOfWork.run(async (repos) => {
      await repos.games.add(game);
      await repos.memberships.add(aMembership(game.id, userId));
      await repos.invitations.add(anInvitation(game.id));
      await repos.sources.add(source);
      await repos.sourceAccesses.save(anAccess(source.id, userId));
      await repos.threads.add(aThread(userId, { gameId: game.id }));
    });
  }

  it('goes down and up again with rows in every table', async () => {
    const before = await tables();
    await fillEveryTable();
    for (const name of before) {
      const rows = await temporary.database.sequelize.query(`SELECT * FROM ${name}`, { type: QueryTypes.SELECT });
      expect(rows, name).not.to.deep.equal([]);
    }
    expect(await migrator().down('all')).to.deep.equal([...NAMES].reverse());
    expect(await tables()).to.deep.equal(['applied_migrations']);
    expect(await migrator().pending()).to.deep.equal(NAMES);
    expect(await migrator().up()).to.deep.equal(NAMES);
    expect(await tables()).to.deep.equal(before);
    await fillEveryTable();
  });

  it('keeps what is there when the newest migration is taken back', async () => {
    await fillEveryTable();
    expect(await migrator().down()).to.deep.equal([NEWEST]);
    const users = await temporary.database.sequelize.query('SELECT * FROM users', { type: QueryTypes.SELECT });
    expect(users).to.have.length(1);
    expect(await migrator().up()).to.deep.equal([NEWEST]);
  });

  it('runs nothing twice', async () => {
    expect(await migrator().pending()).to.deep.equal([]);
    expect(await migrator().up()).to.deep.equal([]);
  });

  it('rolls a migration back that fails half-way, and keeps those before it', async () => {
    const folder = join(temporaryFolder(), 'migrations');
    cpSync(MIGRATIONS, folder, { recursive: true });
    const step = (name: string, body: string) =>
      writeFileSync(
        join(folder, `${name}.ts`),
        `export async function up({ context }) { ${body} }\nexport async function down() {}\n`,
      );
    const query = (sql: string) =>
      `await context.queryInterface.sequelize.query(${JSON.stringify(sql)}, { transaction: context.transaction });`;
    step('9998-whole', query('CREATE TABLE whole (n INTEGER)'));
    step('9999-half', `${query('CREATE TABLE half (n INTEGER)')} throw new Error('half-way');`);
    await failureOf(migrator(folder).up());
    expect(await tables())
      .to.include('whole')
      .and.not.to.include('half');
    expect(await migrator(folder).pending()).to.deep.equal(['9999-half']);
    rmSync(folder, { recursive: true });
  });
});

describe('two processes that migrate at once', () => {
  it('take turns: one runs every migration, the other finds nothing left to do', async function () {
    this.timeout(20_000);
    const folder = temporaryFolder();
    const file = join(folder, 'app.db');
    const children = [0, 1].map(() => fork(join(import.meta.dirname, '../../support/migrate-process.ts'), [file]));
    const ran = await Promise.all(children.map(async (child) => (await once(child, 'message'))[0]));
    expect(ran.sort((a, b) => a.length - b.length)).to.deep.equal([[], NAMES]);
    rmSync(folder, { recursive: true });
  });
});

describe('the lock of a database', () => {
  it('refuses a second holder, names the file alone, and goes to whoever waits', async () => {
    const folder = join(temporaryFolder(), 'secret-folder');
    mkdirSync(folder);
    const file = join(folder, 'app.db');
    const first = await SqliteDatabase.open({ file, synchronous: 'full' });
    const refused = (await failureOf(SqliteDatabase.open({ file, synchronous: 'full' }))) as Error;
    expect(refused.message).to.match(/^Another Tavernkeep process is using app\.db.*Stop it first\.$/);
    const waiting = SqliteDatabase.open({ file, synchronous: 'full', lockWaitMs: 60_000 });
    await first.close();
    await (await waiting).close();
    rmSync(folder, { recursive: true });
  });

  it('is released when its holder is killed', async function () {
    this.timeout(20_000);
    const folder = temporaryFolder();
    const file = join(folder, 'app.db');
    const child = fork(join(import.meta.dirname, '../../support/migrate-process.ts'), [file, 'stay']);
    await once(child, 'message');
    await failureOf(SqliteDatabase.open({ file, synchronous: 'full' }));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await SqliteDatabase.open({ file, synchronous: 'full' })).close();
    rmSync(folder, { recursive: true });
  });
});
