/** Hot calls share commits, in order, and are answered only when they are on the disk. */
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { expect } from 'chai';
import { restore, spy } from 'sinon';
import { ThreadRowCache } from '#adapters/sequelize/conversations/thread-row-cache.ts';
import { openSqlite } from '#adapters/sequelize/sqlite/connection.ts';
import { SqliteConversationWrites } from '#adapters/sequelize/sqlite/conversation-writes.ts';
import { PreparedStatements } from '#adapters/sequelize/sqlite/prepared-statements.ts';
import { WriterQueue } from '#adapters/sequelize/sqlite/writer-queue.ts';
import { aMessage, aThread, aUser } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/servers/temporary-database.ts';

const guard = { ifVersion: 1, sizeBelow: 1e9, maxEntries: 99, estimator: 'chars_div_4' } as const;

describe('the writer queue', () => {
  let temporary: TemporaryDatabase;
  let writer: DatabaseSync;
  let queue: WriterQueue;

  beforeEach(async () => {
    temporary = await openTemporaryDatabase();
    writer = openSqlite({ file: temporary.file, synchronous: 'full' });
    writer.exec('CREATE TABLE notes (n INTEGER PRIMARY KEY CHECK (n >= 0))');
    queue = new WriterQueue(writer);
  });

  afterEach(async () => {
    restore();
    await queue.close();
    writer.close();
    await temporary.close();
  });

  const insert = (n: number) => () => writer.prepare('INSERT INTO notes VALUES (?)').run(n);
  /** As another connection sees it: only what is committed. */
  const committed = () => {
    const reader = new DatabaseSync(temporary.file, { readOnly: true });
    const notes = reader.prepare('SELECT n FROM notes ORDER BY n').all();
    reader.close();
    return notes.map((note) => note.n);
  };
  const countOf = (sql: string, run: { thisValues: unknown[] }) =>
    run.thisValues.filter((statement) => (statement as StatementSync).sourceSQL === sql).length;

  it('commits calls of one event-loop turn together, and a later call separately', async () => {
    const run = spy(StatementSync.prototype, 'run');
    await Promise.all(Array.from({ length: 50 }, (_, n) => queue.call(insert(n))));
    expect([countOf('BEGIN IMMEDIATE', run), countOf('COMMIT', run)]).to.deep.equal([1, 1]);
    await queue.call(insert(50));
    expect(countOf('COMMIT', run)).to.equal(2);
    expect(committed()).to.have.length(51);
  });

  it('tells how many wait', async () => {
    const calls = [0, 1, 2].map((n) => queue.call(insert(n)));
    expect(queue.length).to.equal(3);
    await Promise.all(calls);
    expect(queue.length).to.equal(0);
  });

  it('commits together what each further turn of the event loop brings, and waits for no turn that brings nothing', async () => {
    const run = spy(StatementSync.prototype, 'run');
    const calls = [queue.call(insert(0))];
    for (let n = 1; n < 4; n += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      calls.push(queue.call(insert(n)));
    }
    await Promise.all(calls);
    expect(countOf('COMMIT', run)).to.equal(1);
    const first = queue.call(insert(4));
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, queue.call(insert(5))]);
    expect(countOf('COMMIT', run)).to.equal(3);
  });

  it('limits the size of a batch, so that it does not block the event loop', async () => {
    const run = spy(StatementSync.prototype, 'run');
    await Promise.all(Array.from({ length: 600 }, (_, n) => queue.call(insert(n))));
    expect(countOf('COMMIT', run)).to.equal(3);
    expect(committed()).to.have.length(600);
  });

  it('resolves a call only after its commit is visible to other connections', async () => {
    await Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        await queue.call(insert(n));
        expect(committed()).to.include(n);
      }),
    );
  });

  it('rolls back only the call that fails in a batch', async () => {
    const outcomes = await Promise.allSettled([
      queue.call(insert(1)),
      queue.call(() => {
        insert(2)();
        insert(-1)();
      }),
      queue.call(insert(3)),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect(committed()).to.deep.equal([1, 3]);
  });

  it('rolls back a failing call that is alone in its batch, and accepts further calls', async () => {
    await failureOf(
      queue.call(() => {
        insert(1)();
        insert(-1)();
      }),
    );
    await queue.call(insert(2));
    expect(committed()).to.deep.equal([2]);
  });

  it('rejects every call of a batch whose commit fails, and stores nothing of it', async () => {
    writer.exec('CREATE TABLE owner (n INTEGER PRIMARY KEY)');
    writer.exec('CREATE TABLE owned (n INTEGER REFERENCES owner (n) DEFERRABLE INITIALLY DEFERRED)');
    const outcomes = await Promise.allSettled([
      queue.call(insert(1)),
      queue.call(() => writer.exec('INSERT INTO owned VALUES (7)')),
      queue.call(insert(2)),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).to.deep.equal(['rejected', 'rejected', 'rejected']);
    expect(committed()).to.deep.equal([]);
    await queue.call(insert(3));
    expect(committed()).to.deep.equal([3]);
  });

  it('runs units of work one at a time, and no call during one', async () => {
    const order: string[] = [];
    const note = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise(setImmediate);
      order.push(`${name} ends`);
    };
    await Promise.all([
      queue.exclusive(note('first')),
      queue.call(() => order.push('call')),
      queue.exclusive(note('second')),
    ]);
    expect(order).to.deep.equal(['first begins', 'first ends', 'call', 'second begins', 'second ends']);
  });

  it('completes queued calls before it closes, and refuses further ones', async () => {
    const last = queue.call(insert(1));
    await queue.close();
    await last;
    expect(committed()).to.deep.equal([1]);
    await failureOf(queue.call(insert(2)));
  });
});

describe('a full disk', () => {
  it('makes appends fail as store_unavailable without data loss, and allows them again once there is room', async () => {
    const { stores, file, close } = await openTemporaryDatabase();
    const writer = openSqlite({ file, synchronous: 'full' });
    const queue = new WriterQueue(writer);
    const conversations = new SqliteConversationWrites({
      statements: new PreparedStatements(writer),
      queue,
      threads: new ThreadRowCache(),
    });
    const owner = aUser();
    const thread = aThread(owner.id);
    await stores.unitOfWork.run(async ({ users, threads }) => {
      await users.add(owner);
      await threads.add(thread);
    });
    const append = (content: string) => conversations.append(aMessage(thread.id, { content }), guard, null);
    await append('There is room.');
    const pages = Number(writer.prepare('PRAGMA page_count').get()?.page_count);
    writer.exec(`PRAGMA max_page_count = ${pages + 10}`);
    const large = 'x'.repeat(100_000);
    const codes = await Promise.all([append(large), append(large)].map(refusalOf));
    expect(codes).to.deep.equal(['store_unavailable', 'store_unavailable']);
    expect((await stores.conversations.snapshot(thread.id))?.entries).to.have.length(1);
    writer.exec('PRAGMA max_page_count = 1000000');
    expect((await append(large))?.lastSeq).to.equal(2);
    await queue.close();
    writer.close();
    await close();
  });
});
