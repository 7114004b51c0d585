/** What a failure of the database becomes, and what it never tells. */
import { expect } from 'chai';
import { DatabaseError } from 'sequelize';
import { PostgresQueries } from '#adapters/sequelize/postgres/queries.ts';
import { isConflict, mapError, mapReadError } from '#adapters/sequelize/shared/failures.ts';
import { statement } from '#adapters/sequelize/shared/statement.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';

const sqlite = (errcode: number) =>
  Object.assign(new Error(errcode === 2067 ? 'UNIQUE constraint failed: users.email' : 'malformed: /srv/secret.db'), {
    errcode,
    sql: 'INSERT INTO secrets',
  });
const postgres = (code: string, said: object = {}) =>
  Object.assign(new Error('duplicate key, secret'), { code, table: 'users', ...said });
const throughSequelize = (errcode: number) =>
  new DatabaseError(Object.assign(sqlite(errcode), { sql: 'SELECT secret' }));

describe('database failures', () => {
  const away = {
    busy: 5,
    locked: 6,
    'read-only': 8,
    'input or output': 10,
    'short read': 522,
    full: 13,
    'cannot open': 14,
  };
  for (const [name, errcode] of Object.entries(away)) {
    it(`are reported as store_unavailable for SQLite: ${name}`, () => {
      for (const error of [sqlite(errcode), throughSequelize(errcode)]) {
        expect(mapError(error))
          .to.be.instanceOf(DomainError)
          .and.to.deep.include({ kind: 'unavailable', code: 'store_unavailable' });
      }
    });
  }

  const postgresAway: Record<string, Error> = {
    'shut down': postgres('57P01'),
    starting: postgres('57P03'),
    'out of connections': postgres('53300'),
    'a statement that took too long': postgres('57014'),
    'a unit of work that met conflicts to the last': postgres('40001'),
    'not listening': Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    'no free connection': new Error('timeout exceeded when trying to connect'),
  };
  for (const [name, error] of Object.entries(postgresAway)) {
    it(`are reported as store_unavailable for PostgreSQL: ${name}`, () => {
      for (const thrown of [error, new DatabaseError(Object.assign(error, { sql: 'SELECT secret' }))])
        expect(mapError(thrown)).to.be.instanceOf(DomainError).and.to.include({ code: 'store_unavailable' });
    });
  }

  const inDoubt: Record<string, Error> = {
    crashed: postgres('57P02'),
    lost: new Error('Connection terminated unexpectedly'),
    silent: new Error('Query read timeout'),
    reset: Object.assign(new Error('read'), { code: 'ECONNRESET' }),
  };
  for (const [name, error] of Object.entries(inDoubt)) {
    it(`are reported as outcome_unknown for PostgreSQL: ${name}, and as store_unavailable of what only reads`, () => {
      for (const thrown of [error, new DatabaseError(Object.assign(error, { sql: 'SELECT secret' }))]) {
        expect(mapError(thrown)).to.be.instanceOf(DomainError).and.to.include({ code: 'outcome_unknown' });
        const read = mapReadError(thrown) as DomainError;
        expect(read).to.be.instanceOf(DomainError).and.to.include({ code: 'store_unavailable' });
        expect(read.message).to.contain('Nothing was changed');
        expect((read.cause as Error).message).to.contain('The database refused a statement');
      }
    });
  }

  it('leave in doubt what a prepared statement of PostgreSQL did, unless it only reads', async () => {
    const lost = { query: () => Promise.reject(new Error('Connection terminated unexpectedly')) } as never;
    const any = statement('any', {}, 'SELECT 1', (row: object) => row);
    expect(await refusalOf(new PostgresQueries(lost).one(any, {}))).to.equal('outcome_unknown');
    expect(await refusalOf(new PostgresQueries(lost, { readOnly: true }).all(any, {}))).to.equal('store_unavailable');
  });

  it('are what they are of what only reads, where nothing is in doubt', () => {
    expect(mapReadError(sqlite(5))).to.include({ code: 'store_unavailable' });
    expect(mapReadError(sqlite(2067))).to.include({ code: 'constraint_violated' });
    for (const error of [identityErrors.emailTaken(), new TypeError('mine')])
      expect(mapReadError(error)).to.equal(error);
  });

  it('name the result code of any other fault, and reveal nothing of the statement', () => {
    for (const error of [2067, 11, 13].flatMap((errcode) => [sqlite(errcode), throughSequelize(errcode)])) {
      const fault = mapError(error) as Error;
      const told = `${fault.message} ${fault.stack} ${JSON.stringify(fault)} ${String(fault.cause)} ${(fault.cause as Error)?.stack}`;
      expect(told).not.to.match(/secret|INSERT|SELECT/u);
    }
    const codes = { 11: 'SQLITE_CORRUPT', 267: 'SQLITE_CORRUPT', 26: 'SQLITE_NOTADB', 1: 'SQLITE_1' };
    for (const [errcode, code] of Object.entries(codes)) {
      for (const error of [sqlite(Number(errcode)), throughSequelize(Number(errcode))])
        expect((mapError(error) as Error).message).to.equal(`The database refused a statement (${code}).`);
    }
    expect((mapError(postgres('42P01')) as Error).message).to.equal('The database refused a statement (42P01).');
  });

  it('are reported as constraint_violated with the column if a row breaks a constraint', () => {
    const refused: Record<string, Error> = {
      email: sqlite(2067),
      role: Object.assign(new Error("CHECK constraint failed: role IN ('user')"), { errcode: 275 }),
      username_key: postgres('23505', {
        detail: 'Schlüssel »(username_key)=(secret)«',
        constraint: 'users_username_key_key',
      }),
      user_id: postgres('23503', { table: 'user_roles', constraint: 'user_roles_user_id_fkey' }),
      source_id: postgres('23505', { detail: 'Key (source_id, user_id)=(secret, b) already exists.' }),
      display_name: postgres('23502', { column: 'display_name' }),
    };
    for (const [field, error] of Object.entries(refused)) {
      for (const thrown of [error, new DatabaseError(Object.assign(error, { sql: 'SELECT secret' }))]) {
        const refusal = mapError(thrown) as DomainError;
        expect(refusal).to.deep.include({ kind: 'conflict', code: 'constraint_violated', details: { field } });
        expect(`${JSON.stringify(refusal)} ${refusal.cause}`).not.to.match(/secret|INSERT|SELECT/u);
      }
    }
  });

  it('leave refusals and unrelated errors unchanged', () => {
    for (const error of [identityErrors.emailTaken(), new TypeError('mine')]) expect(mapError(error)).to.equal(error);
  });

  it('count as conflicts only if another transaction was in the way', () => {
    expect([5, 517, 6, 13, 2067].map((errcode) => isConflict(sqlite(errcode)))).to.deep.equal([
      true,
      true,
      true,
      false,
      false,
    ]);
    const states = ['40001', '40P01', '23505', '57P01'].map((code) => isConflict(postgres(code)));
    expect(states).to.deep.equal([true, true, false, false]);
  });
});
