/** Every connection is opened the same way, and values come back as they went in. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { expect } from 'chai';
import { DataTypes, ForeignKeyConstraintError, QueryTypes, type Sequelize, UniqueConstraintError } from 'sequelize';
import { openSqlite } from '#adapters/sequelize/sqlite/connection.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/servers/temporary-database.ts';

const PRAGMAS = ['journal_mode', 'synchronous', 'foreign_keys', 'mmap_size', 'busy_timeout'];
const FULL = ['wal', 2, 1, 0, 1_000];
const NORMAL = ['wal', 1, 1, 0, 1_000];

describe('the SQLite driver', () => {
  let temporary: TemporaryDatabase;
  const sequelize = (): Sequelize => temporary.database.sequelize;

  beforeEach(async () => {
    temporary = await openTemporaryDatabase();
  });
  afterEach(() => temporary.close());

  async function pragmasInTransaction(on: Sequelize): Promise<unknown[]> {
    return on.transaction(async (transaction) => {
      const values: unknown[] = [];
      for (const name of PRAGMAS) {
        const [row] = await on.query<object>(`PRAGMA ${name}`, { transaction, type: QueryTypes.SELECT });
        values.push(Object.values(row ?? {})[0]);
      }
      return values;
    });
  }

  it('sets the PRAGMAs on the connections inside and outside transactions', async () => {
    expect(await pragmasInTransaction(sequelize())).to.deep.equal(FULL);
    const [row] = await sequelize().query<object>('PRAGMA foreign_keys', { type: QueryTypes.SELECT });
    expect(row).to.deep.equal({ foreign_keys: 1 });
  });

  it('logs no statement, and leaves trying again to the unit of work', () => {
    const { options } = sequelize() as unknown as { options: object };
    expect(options).to.deep.include({ logging: false, retry: { max: 1 } });
  });

  it('binds booleans and dates, by place and by name', async () => {
    const day = new Date(1_700_000_000_123);
    const bound = { yes: true, no: false, day };
    const expected = { yes: 1, no: 0, day: day.getTime() };
    const calls: [string, object | unknown[]][] = [
      ['SELECT $yes AS yes, $no AS no, $day AS day', bound],
      ['SELECT $1 AS yes, $2 AS no, $3 AS day', Object.values(bound)],
    ];
    for (const [sql, bind] of calls)
      expect(await sequelize().query(sql, { bind: bind as [], type: QueryTypes.SELECT }), sql).to.deep.equal([
        expected,
      ]);
  });

  it('sets `synchronous` as configured', async () => {
    const normal = await openTemporaryDatabase('normal');
    expect(await pragmasInTransaction(normal.database.sequelize)).to.deep.equal(NORMAL);
    await normal.close();
  });

  it('sets the same PRAGMAs on the connections of the hot path', () => {
    for (const [synchronous, expected] of [
      ['full', FULL],
      ['normal', NORMAL],
    ] as const) {
      const connection = openSqlite({ file: temporary.file, synchronous });
      const values = PRAGMAS.map((name) => Object.values(connection.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
      connection.close();
      expect(values).to.deep.equal(expected);
    }
  });

  it('returns numbers, booleans, dates, bytes and JSON as they were stored', async () => {
    const model = sequelize().define(
      'sample',
      {
        id: { type: DataTypes.INTEGER, primaryKey: true },
        large: DataTypes.BIGINT,
        real: DataTypes.DOUBLE,
        flag: DataTypes.BOOLEAN,
        day: DataTypes.DATE,
        bytes: DataTypes.BLOB,
        json: DataTypes.JSON,
        text: DataTypes.TEXT,
      },
      { timestamps: false },
    );
    await model.sync();
    const stored = {
      id: 1,
      large: 9_007_199_254_740_991,
      real: 0.1,
      flag: true,
      day: new Date(1_700_000_000_123),
      bytes: Buffer.from([0, 255, 39]),
      json: { a: [1, null, '“ü”'] },
      text: "O'Neil \\ 🐉",
    };
    await model.create(stored);
    expect((await model.findByPk(1))?.get()).to.deep.equal(stored);
    await model.update({ flag: false, text: null }, { where: { id: 1 } });
    expect((await model.findByPk(1))?.get()).to.deep.include({ flag: false, text: null });
  });

  it('returns an integer too large for a number as text, without rounding it', async () => {
    await sequelize().query('CREATE TABLE big (value BIGINT)');
    await sequelize().query('INSERT INTO big VALUES ($1)', { bind: [9_007_199_254_740_993n] });
    const rows = await sequelize().query('SELECT value FROM big', { type: QueryTypes.SELECT });
    expect(rows).to.deep.equal([{ value: '9007199254740993' }]);
  });

  it('raises the errors that Sequelize declares for constraints', async () => {
    const sql = sequelize();
    await sql.query('CREATE TABLE parent (id TEXT PRIMARY KEY, n INTEGER CHECK (n > 0))');
    await sql.query('CREATE TABLE child (parent TEXT REFERENCES parent (id))');
    await sql.query("INSERT INTO parent VALUES ('a', 1)");
    const failure = (statement: string) => failureOf(sql.query(statement));
    const unique = await failure("INSERT INTO parent VALUES ('a', 1)");
    expect(unique).to.be.instanceOf(UniqueConstraintError);
    expect((unique as UniqueConstraintError).fields).to.deep.equal(['id']);
    expect(await failure("INSERT INTO child VALUES ('b')")).to.be.instanceOf(ForeignKeyConstraintError);
    expect(await failure("INSERT INTO parent VALUES ('b', 0)")).not.to.be.instanceOf(UniqueConstraintError);
  });

  it('gives the connection of a transaction to the next one', async () => {
    const sql = sequelize();
    await sql.transaction((transaction) => sql.query('CREATE TEMP TABLE seen (by TEXT)', { transaction }));
    await sql.transaction((transaction) => sql.query("INSERT INTO seen VALUES ('the same')", { transaction }));
    const inTwo = sql.transaction(() =>
      sql.transaction((transaction) => sql.query('SELECT by FROM seen', { transaction })),
    );
    expect(String(await failureOf(inTwo)), 'while it is in use').to.contain('no such table');
  });

  it('leaves no connection open', async () => {
    const own = await openTemporaryDatabase();
    await own.database.sequelize.transaction(async () => {});
    const open = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        const path = `/proc/self/fd/${fd}`;
        return existsSync(path) && readlinkSync(path).startsWith(own.file);
      });
    if (process.platform === 'linux') expect(open()).not.to.deep.equal([]);
    await own.close();
    if (process.platform === 'linux') expect(open()).to.deep.equal([]);
  });

  it('releases the write lock when a commit fails', async () => {
    const { unitOfWork } = temporary.stores;
    const sql = sequelize();
    const failing = sql.transaction(async (transaction) => {
      await sql.query('PRAGMA defer_foreign_keys = ON', { transaction });
      await sql.query("INSERT INTO password_hashes VALUES ('nobody', 'x')", { transaction });
    });
    await failureOf(failing);
    await unitOfWork.run(({ roles }) => roles.save({ name: 'bard', description: '', builtin: false, permissions: [] }));
    const rows = await sql.query('SELECT * FROM password_hashes', { type: QueryTypes.SELECT });
    expect(rows).to.deep.equal([]);
  });
});
