/** What is PostgreSQL's alone: the settings of every connection, and what a server may not be. */
import { expect } from 'chai';
import pg from 'pg';
import { QueryTypes } from 'sequelize';
import { PreparedConversationReads } from '#adapters/sequelize/conversations/conversation-reads.ts';
import { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import { PostgresQueries } from '#adapters/sequelize/postgres/queries.ts';
import { inOrder, type Statement, type Values, type ValueTypes } from '#adapters/sequelize/shared/statement.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { contract, type Openers, type Plan } from '../../support/backends/backends.ts';
import { aMessage, aThread, aUser } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';
import {
  dropDatabase,
  openTemporaryPostgres,
  type TemporaryPostgres,
} from '../../support/servers/temporary-postgres.ts';

const OTHER = { skip: 'PostgreSQL alone' };
const PLAN: Plan = { memory: OTHER, sqlite: OTHER, embedded: OTHER, redis: OTHER, postgres: 'run' };

const openers: Openers<TemporaryPostgres> = {
  postgres: async () => {
    const temporary = await openTemporaryPostgres();
    return { harness: temporary, close: temporary.close };
  },
};

type PlanNode = Readonly<{ 'Relation Name'?: string; 'Actual Rows': number; Plans?: readonly PlanNode[] }>;

/** Asks, of each statement, how PostgreSQL carries it out. */
class ExplainedQueries extends PostgresQueries {
  readonly #client: pg.Client;
  readonly #nodes: PlanNode[] = [];

  constructor(client: pg.Client) {
    super(client);
    this.#client = client;
  }

  override async all<Types extends ValueTypes, Result>(
    statement: Statement<Types, Result>,
    values: Values<Types>,
  ): Promise<readonly Result[]> {
    const text = `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text.postgres}`;
    const { rows } = await this.#client.query(text, inOrder(statement, values));
    this.#collect(rows[0]['QUERY PLAN'][0].Plan);
    return super.all(statement, values);
  }

  #collect(node: PlanNode): void {
    this.#nodes.push(node);
    for (const child of node.Plans ?? []) this.#collect(child);
  }

  rowsRead(table: string): number {
    const scans = this.#nodes.filter((node) => node['Relation Name'] === table);
    return scans.reduce((sum, node) => sum + node['Actual Rows'], 0);
  }
}

const guard = { ifVersion: 1, sizeBelow: 1e9, maxEntries: 99, estimator: 'chars_div_4' } as const;

contract('PostgreSQL', PLAN, openers, (temporary) => {
  /** As the superuser of the tests, beside the product. */
  async function run(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: temporary().url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }
  const show = async (setting: string) => {
    const { sequelize } = temporary().database;
    const [row] = await sequelize.query<Record<string, string>>(`SHOW ${setting}`, { type: QueryTypes.SELECT });
    return row?.[setting];
  };

  it('limits slow statements and idle transactions on every connection', async () => {
    expect(await show('statement_timeout')).to.equal('1500ms');
    expect(await show('idle_in_transaction_session_timeout')).to.equal('10s');
    const slow = temporary().database.unitOfWork.run(async () => {
      await temporary().database.sequelize.query('SELECT pg_sleep(30)');
    });
    expect(await refusalOf(slow)).to.equal('store_unavailable');
  });

  it('keeps the options of its address beside its own', async () => {
    const url = new URL(temporary().url);
    url.searchParams.set('options', '-c work_mem=3MB');
    const database = await PostgresDatabase.open({ url: url.href });
    try {
      const [row] = await database.sequelize.query('SHOW work_mem', { type: QueryTypes.SELECT });
      expect(row).to.deep.equal({ work_mem: '3MB' });
    } finally {
      await database.close();
    }
  });

  it('works regardless of the isolation level and string syntax that the database defaults to', async () => {
    const name = new URL(temporary().url).pathname.slice(1);
    await run(`ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`);
    await run(`ALTER DATABASE ${name} SET standard_conforming_strings = off`);
    const database = await PostgresDatabase.open({ url: temporary().url });
    const { unitOfWork, conversations } = database.stores();
    const owner = aUser({ displayName: "back\\slash ' quote" });
    const thread = aThread(owner.id);
    await unitOfWork.run(async ({ users, threads }) => {
      await users.add(owner);
      await threads.add(thread);
    });
    const appends = Array.from({ length: 40 }, () => conversations.append(aMessage(thread.id), guard, null));
    expect((await Promise.all(appends)).filter((after) => after === undefined)).to.deep.equal([]);
    expect(await unitOfWork.run(({ users }) => users.find(owner.id))).to.deep.equal(owner);
    await database.close();
  });

  describe('of a long thread, though it has no statistics of the table,', () => {
    let thread: Thread;
    let client: pg.Client;
    let explained: ExplainedQueries;
    let reads: PreparedConversationReads;

    beforeEach(async () => {
      const { unitOfWork, conversations } = temporary().stores;
      const owner = aUser();
      thread = aThread(owner.id);
      await unitOfWork.run(async ({ users, threads }) => {
        await users.add(owner);
        await threads.add(thread);
      });
      const anyNumber = { ...guard, maxEntries: 999 };
      await Promise.all(Array.from({ length: 300 }, () => conversations.append(aMessage(thread.id), anyNumber, null)));
      client = new pg.Client({ connectionString: temporary().url });
      await client.connect();
      explained = new ExplainedQueries(client);
      reads = new PreparedConversationReads(explained);
    });
    afterEach(() => client?.end());

    it('reads no more than its window shows', async () => {
      const { version } = (await temporary().stores.conversations.snapshot(thread.id))!.thread;
      const copy = { threadId: thread.id, ownerId: thread.ownerId, version, lastSeq: 297, entries: [], countedBy: [] };
      const snapshot = await reads.snapshot(thread.id, copy);
      expect(snapshot?.entries.map(({ fromSeq }) => fromSeq)).to.deep.equal([298, 299, 300]);
      expect(explained.rowsRead('messages')).to.equal(3);
    });

    for (const [page, first] of [
      [{ limit: 5 }, 296],
      [{ limit: 5, before: 290 }, 285],
      [{ limit: 5, after: 200 }, 201],
    ] as const)
      it(`reads no more than the page that begins with ${first}: its lengths, and what fits`, async () => {
        const messages = await reads.messages(thread.id, page);
        expect(messages.map(({ seq }) => seq)).to.deep.equal([0, 1, 2, 3, 4].map((n) => first + n));
        expect(explained.rowsRead('messages')).to.be.at.most(10);
      });
  });

  it('makes an append wait for a lock on its own thread, but not for one on another thread', async () => {
    const { unitOfWork, conversations } = temporary().stores;
    const owner = aUser();
    const [held, free] = [aThread(owner.id), aThread(owner.id)];
    await unitOfWork.run(async ({ users, threads }) => {
      await users.add(owner);
      for (const thread of [held, free]) await threads.add(thread);
    });
    const holder = new pg.Client({ connectionString: temporary().url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM threads WHERE id = $1 FOR UPDATE', [held.id]);
    // In the same statement at first, and in another order too.
    const waiting = conversations.append(aMessage(held.id), guard, null);
    const passing = conversations.append(aMessage(free.id), guard, null);
    const waitingToo = conversations.append(aMessage(held.id), guard, null);
    expect((await passing)?.lastSeq).to.equal(1);
    expect((await conversations.append(aMessage(free.id), guard, null))?.lastSeq).to.equal(2);
    expect(await conversations.messages(held.id, { limit: 9 })).to.deep.equal([]);
    await holder.query('COMMIT');
    expect((await waiting)?.lastSeq).to.equal(1);
    expect((await waitingToo)?.lastSeq).to.equal(2);
    await holder.end();
  });

  it('stores text that is no Unicode as its driver would, instead of refusing it', async () => {
    const { unitOfWork, conversations } = temporary().stores;
    const owner = aUser();
    const { id, ...rest } = aThread(owner.id);
    await unitOfWork.run(async ({ users, threads }) => {
      await users.add(owner);
      await threads.add({ id, ...rest });
    });
    await conversations.append(aMessage(id, { content: 'half \ud83d a die', name: '\udfb2' }), guard, null);
    expect(await conversations.message(id, 1)).to.include({ content: 'half \ufffd a die', name: '\ufffd' });
  });

  it('is refused with an explanation if the database is not encoded in UTF8', async () => {
    const url = new URL(temporary().url);
    url.pathname += '_latin';
    await run(`CREATE DATABASE ${url.pathname.slice(1)} TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'`);
    const refused = (await failureOf(PostgresDatabase.open({ url: url.href, lock: 'exclusive' }))) as Error;
    expect(refused.message).to.match(/^DATABASE_URL: .*UTF8/);
    await dropDatabase(url.href);
  });
});
