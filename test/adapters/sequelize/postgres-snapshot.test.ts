/** A snapshot of PostgreSQL is of one moment, whatever is written while one table after another is read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import sinon from 'sinon';
import { snapshotPostgres } from '#adapters/sequelize/postgres/snapshot.ts';
import { contract, type Openers, type Plan } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES } from '../../support/backends/sql-databases.ts';
import { aMessage } from '../../support/builders/records.ts';
import { anAppendGuard, aThreadOf } from '../../support/builders/window-changes.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';
import { openTemporaryPostgres, type TemporaryPostgres } from '../../support/servers/temporary-postgres.ts';

const PLAN: Plan = { ...ON_SQL_DATABASES, sqlite: { skip: 'a copy of a file is one statement' } };
const openers: Openers<TemporaryPostgres> = {
  postgres: async () => {
    const temporary = await openTemporaryPostgres();
    return { harness: temporary, close: temporary.close };
  },
};

contract('a snapshot', PLAN, openers, (temporary) => {
  it('has no message that was appended after its threads were read', async () => {
    const { stores, url } = temporary();
    const { thread } = await aThreadOf(stores, 3);
    const folder = temporaryFolder();
    const original = pg.Client.prototype.query as (...args: unknown[]) => Promise<unknown>;
    let appended = false;
    const query = sinon.stub(pg.Client.prototype, 'query').callsFake(async function (
      this: unknown,
      ...args: unknown[]
    ) {
      if (!appended && /^DECLARE .* FROM messages\b/.test(String(args[0]))) {
        appended = true;
        query.restore();
        await stores.conversations.append(aMessage(thread.id), anAppendGuard, null);
      }
      return original.apply(this, args);
    } as never);
    try {
      const { rows } = await snapshotPostgres(url, folder);
      expect([appended, rows.messages]).to.deep.equal([true, 3]);
    } finally {
      query.restore();
    }
    const lines = readFileSync(join(folder, 'messages.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).seq)).to.deep.equal([1, 2, 3]);
    expect(await stores.conversations.messages(thread.id, { limit: 10 })).to.have.length(4);
  });
});
