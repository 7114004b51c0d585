/** Migrations that make tables anew, on a database full of rows: keys of messages, and words that leave the schema. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { RandomSecrets } from '#adapters/security/secrets.ts';
import { SealAudit } from '#application/audit/seal-audit.ts';
import { VerifyAudit } from '#application/audit/verify-audit.ts';
import { contract } from '../../support/backends/backends.ts';
import { migratedTable } from '../../support/backends/schema.ts';
import { ON_SQL_DATABASES, sqlDatabases } from '../../support/backends/sql-databases.ts';
import { storedRows } from '../../support/backends/stored-rows.ts';
import { fillEveryTable } from '../../support/builders/filled-tables.ts';
import { aThreadOf } from '../../support/builders/window-changes.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { forgetMigrationsAfter, MIGRATIONS, migrationsUpTo } from '../../support/servers/temporary-database.ts';

const NAMES = ['0011-message-keys', '0012-open-vocabularies'];
const FOLDER = migrationsUpTo('0012-open-vocabularies');
/** For each list that left the schema, a row with a word that was not in it. */
const UNKNOWN_WORDS = [
  "UPDATE messages SET role = 'dragon'",
  "UPDATE revisions SET made_by = 'dragon'",
  "UPDATE game_members SET role_in_game = 'dragon'",
  "UPDATE game_invitations SET role_in_game = 'dragon'",
  "UPDATE source_access SET type = 'dragon'",
  "INSERT INTO audit_entries (id, at, actor_kind, action, outcome) VALUES ('aud_a', 0, 'dragon', 'a', 'done')",
  "INSERT INTO audit_entries (id, at, actor_kind, action, outcome) VALUES ('aud_b', 0, 'user', 'a', 'dragon')",
];
const AUDIT_CHANGES = [
  'DELETE FROM audit_entries',
  "UPDATE audit_entries SET action = 'users.read'",
  "UPDATE audit_entries SET hash = 'x' WHERE place = 1",
];
/** The names of indexes and triggers; a key's own index is the database's matter. */
const INDEXES_AND_TRIGGERS = {
  sqlite: "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL",
  postgres: `
    SELECT indexname AS name FROM pg_indexes
    WHERE schemaname = current_schema() AND indexname NOT IN (SELECT conname FROM pg_constraint)
    UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal`,
};
/** Of a later migration, which is not there when these run: SQLite drops it with the table that it is of. */
const LATER = ['messages_cited'];
/** Those that the migrations make. */
const MADE = readdirSync(MIGRATIONS).flatMap((file) =>
  Array.from(
    readFileSync(join(MIGRATIONS, file), 'utf8').matchAll(/CREATE (?:UNIQUE )?(?:INDEX|TRIGGER) (\w+)/g),
    ([, name]) => name as string,
  ),
);

contract('The migrations that make tables anew', ON_SQL_DATABASES, sqlDatabases, (database) => {
  const run = (sql: string) => database().sequelize.query(sql);
  const select = <Row extends object>(sql: string) => database().sequelize.query<Row>(sql, { type: QueryTypes.SELECT });
  const rows = () => storedRows(database().sequelize, ['row_id']);
  const up = async () => expect(await database().migrator(FOLDER).up()).to.deep.equal(NAMES);
  const down = () => database().migrator(FOLDER).down(NAMES.length);
  const keys = (thread: string) =>
    select<{ row_id: number }>(`SELECT row_id FROM messages WHERE thread_id = '${thread}' ORDER BY seq`);
  async function expectIndexesAndTriggers(): Promise<void> {
    const dialect = database().sequelize.getDialect() === 'sqlite' ? 'sqlite' : 'postgres';
    const found = await select<{ name: string }>(INDEXES_AND_TRIGGERS[dialect]);
    // SQLite has its search index in a file of its own.
    const isThere = (name: string) => dialect === 'postgres' || !(name.startsWith('search_') || LATER.includes(name));
    const made = MADE.filter(isThere);
    expect(found.map(({ name }) => name)).to.have.members([...new Set(made)]);
  }

  /** As a database was before them: filled, its audit sealed. */
  beforeEach(async () => {
    await forgetMigrationsAfter('0012-open-vocabularies', database());
    await down();
    await fillEveryTable(database());
    const { unitOfWork } = database();
    const secrets = new RandomSecrets();
    expect(await new SealAudit({ unitOfWork, reads: unitOfWork.reads, secrets }).execute()).to.be.greaterThan(0);
  });

  async function expectChain(): Promise<void> {
    const { reads } = database().unitOfWork;
    const { verified, broken } = await new VerifyAudit({ reads, secrets: new RandomSecrets() }).execute(null);
    expect({ verified, broken }).to.deep.equal({ verified: 1, broken: null });
    for (const change of AUDIT_CHANGES) await failureOf(run(change));
  }

  it('lose no row, no index and no trigger up, down and up again, and the database can be used in between', async () => {
    const before = await rows();
    await expectIndexesAndTriggers();
    await up();
    expect(await rows()).to.deep.equal(before);
    await expectIndexesAndTriggers();
    await fillEveryTable(database());
    const used = await rows();
    await down();
    expect(await rows()).to.deep.equal(used);
    await expectIndexesAndTriggers();
    expect((await migratedTable(database().sequelize, 'messages')).columns).not.to.have.property('row_id');
    await up();
    expect(await rows()).to.deep.equal(used);
    await fillEveryTable(database());
  });

  it('leave the audit append-only, and its chain whole', async () => {
    await up();
    await expectChain();
    await down();
    await expectChain();
  });

  it('give each message a key that stays, whatever becomes of others', async () => {
    const stores = database().stores();
    const [gone, stays] = [(await aThreadOf(stores, 3)).thread.id, (await aThreadOf(stores, 3)).thread.id];
    await up();
    const given = await keys(stays);
    const all = await select<{ row_id: number }>('SELECT row_id FROM messages');
    expect(new Set(all.map((row) => row.row_id)).size).to.equal(all.length);
    await run(`DELETE FROM threads WHERE id = '${gone}'`);
    await run('VACUUM');
    expect(await keys(gone)).to.deep.equal([]);
    expect(await keys(stays)).to.deep.equal(given);
  });

  it('leave pins with their messages', async () => {
    await up();
    const { references } = await migratedTable(database().sequelize, 'pins');
    expect(references).to.deep.equal(['seq -> messages.seq', 'thread_id -> messages.thread_id']);
    expect(await select('SELECT * FROM pins')).to.have.length(1);
    await run('DELETE FROM threads');
    expect(await select('SELECT * FROM pins')).to.deep.equal([]);
  });

  it('let in words that no list in the schema knew', async () => {
    for (const change of UNKNOWN_WORDS) await failureOf(run(change));
    await up();
    for (const change of UNKNOWN_WORDS) await run(change);
    const before = await rows();
    // The older schema cannot hold them: it is not gone back to, and nothing is lost.
    await failureOf(down());
    expect(await rows()).to.deep.equal(before);
  });
});
