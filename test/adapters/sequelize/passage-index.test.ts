/** The index of passages on the databases: what goes of it with them, and the rule in each of its statements. */
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { PASSAGES_IN_PLACES } from '#adapters/sequelize/library/finding-statements.ts';
import { IndexedPassageFinder } from '#adapters/sequelize/library/passage-finder.ts';
import type { Queries } from '#adapters/sequelize/shared/queries.ts';
import { PreparedStatements } from '#adapters/sequelize/sqlite/prepared-statements.ts';
import { SqliteQueries } from '#adapters/sequelize/sqlite/queries.ts';
import { contract } from '../../support/backends/backends.ts';
import { searchedDatabases } from '../../support/backends/searched-stores.ts';
import { ON_SQL_DATABASES } from '../../support/backends/sql-databases.ts';
import { aPassage } from '../../support/builders/documents.ts';
import { RULES, TestLibrary } from '../../support/builders/library.ts';
import { at } from '../../support/builders/records.ts';
import { openTemporaryDatabase } from '../../support/servers/temporary-database.ts';

contract('The passage index', ON_SQL_DATABASES, searchedDatabases, (harness) => {
  it('goes with the passages, a generation or all of a document, and leaves nothing of them', async () => {
    const library = new TestLibrary(harness());
    const source = await library.addSource({ included: true });
    const { document } = await library.addDocument(source.id, RULES);
    await library.read(document, RULES, 2);
    const kept = await library.addDocument(source.id, RULES);
    const { sequelize } = harness().database;
    const count = async (table: string) => {
      const [row] = await sequelize.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`, {
        type: QueryTypes.SELECT,
      });
      return Number(row!.n);
    };
    const counts = async () => [await count('passage_indexes'), await count('passage_terms')];
    const remove = (generation: number | null) =>
      harness().stores.unitOfWork.run(({ passages }) =>
        passages.removePage({ documentId: document.id, generation }, 2),
      );
    const [indexes, terms] = await counts();
    expect(indexes).to.equal(3);
    while ((await remove(1)) > 0);
    expect(await counts()).to.deep.equal([2, (terms! / 3) * 2]);
    while ((await remove(null)) > 0);
    expect(await counts()).to.deep.equal([1, terms! / 3]);
    const reader = await library.addUser();
    expect(await library.findTexts(reader, 'prone')).to.deep.equal([kept.passages[2]!.text]);
  });

  it('is not there where the unit of work that adds the passages fails', async () => {
    const library = new TestLibrary(harness());
    const source = await library.addSource({ included: true });
    const { document } = await library.addDocument(source.id, []);
    const failing = harness().stores.unitOfWork.run(async ({ passages }) => {
      await passages.add([aPassage(document, { headingPath: 'Prone' })]);
      throw new Error('no');
    });
    expect(((await failing.catch((error: unknown) => error)) as Error).message).to.equal('no');
    expect(await library.findTexts(await library.addUser(), 'prone')).to.deep.equal([]);
    await harness().stores.unitOfWork.run(({ passages }) =>
      passages.add([aPassage(document, { headingPath: 'Prone' })]),
    );
    expect(await library.findTexts(await library.addUser(), 'prone')).to.have.lengthOf(1);
  });
});

describe('A licence that is revoked while passages are found', () => {
  it('is asked for again when they are read', async () => {
    const opened = await openTemporaryDatabase();
    const reading = new DatabaseSync(opened.file, { readOnly: true });
    try {
      const stores = opened.stores;
      const queries = new SqliteQueries(new PreparedStatements(reading));
      let meanwhile = async () => {};
      const watched: Queries = {
        one: (statement, values) => queries.one(statement, values),
        all: async (statement, values) => {
          if (statement.name === PASSAGES_IN_PLACES.name) await meanwhile();
          return queries.all(statement, values);
        },
      };
      const library = new TestLibrary({ stores, finder: new IndexedPassageFinder({ queries: watched }) });
      const reader = await library.addUser();
      const source = await library.addSource();
      await library.license(source.id, reader);
      await library.addDocument(source.id, RULES);
      expect(await library.findTexts(reader, 'prone')).to.have.lengthOf(1);
      meanwhile = () => library.license(source.id, reader, { revokedAt: at(1) });
      expect(await library.findTexts(reader, 'prone')).to.deep.equal([]);
    } finally {
      reading.close();
      await opened.close();
    }
  });
});
