/** How a connection to PostgreSQL is asked for, and how long it may take. */
import { expect } from 'chai';
import { connectionTo, maintenanceConnectionTo, openPool } from '#adapters/sequelize/postgres/connection.ts';

const URL_OF = 'postgres://tavern@db.example:5433/keep';

describe('A connection to PostgreSQL', () => {
  it('gives a request’s statement 1.5 s, a silent server 0.3 s more, and an idle transaction 10 s', () => {
    expect(connectionTo(URL_OF)).to.include({
      connectionTimeoutMillis: 1_000,
      statement_timeout: 1_500,
      query_timeout: 1_800,
      idle_in_transaction_session_timeout: 10_000,
      keepAlive: true,
    });
  });

  it('is one of a pool that never has more than it was given', async () => {
    const pool = openPool(connectionTo(URL_OF), 3);
    expect(pool.options).to.include({ max: 3, statement_timeout: 1_500 });
    await pool.end();
  });

  it('gives migrations the time that they take', () => {
    const config = maintenanceConnectionTo(URL_OF);
    expect(config).to.include({ application_name: 'tavernkeep', connectionTimeoutMillis: 1_000, keepAlive: true });
    expect(config).not.to.have.any.keys('statement_timeout', 'query_timeout', 'idle_in_transaction_session_timeout');
  });

  it('adds its settings to those that the address has already', () => {
    const optionsOf = (url: string) =>
      new URL(maintenanceConnectionTo(url).connectionString!).searchParams.get('options');
    const ours = '-c default_transaction_isolation=read\\ committed -c standard_conforming_strings=on';
    expect(optionsOf(URL_OF)).to.equal(ours);
    expect(optionsOf(`${URL_OF}?options=-c%20work_mem%3D8MB`)).to.equal(`-c work_mem=8MB ${ours}`);
  });
});
