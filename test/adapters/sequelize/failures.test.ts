/** What a failure of the database becomes, and what it never tells. */
import { expect } from 'chai';
import { DatabaseError } from 'sequelize';
import { isConflict, translated } from '#adapters/sequelize/failures.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { DomainError } from '#domain/shared/domain-error.ts';

const sqlite = (errcode: number) =>
  Object.assign(new Error('UNIQUE constraint failed: /srv/secret.db'), { errcode, sql: 'INSERT INTO secrets' });
const throughSequelize = (errcode: number) =>
  new DatabaseError(Object.assign(sqlite(errcode), { sql: 'SELECT secret' }));

describe('failures of the database', () => {
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
    it(`are store_unavailable: ${name}`, () => {
      for (const error of [sqlite(errcode), throughSequelize(errcode)]) {
        expect(translated(error))
          .to.be.instanceOf(DomainError)
          .and.to.deep.include({ kind: 'unavailable', code: 'store_unavailable' });
      }
    });
  }

  it('are faults otherwise, which name the result code and nothing of the statement', () => {
    for (const error of [sqlite(2067), throughSequelize(2067), sqlite(13), throughSequelize(13)]) {
      const fault = translated(error) as Error;
      const told = `${fault.message} ${fault.stack} ${JSON.stringify(fault)} ${String(fault.cause)} ${(fault.cause as Error)?.stack}`;
      expect(told).not.to.match(/secret|INSERT|SELECT/u);
    }
    expect((translated(sqlite(2067)) as Error).message).to.contain('SQLITE_CONSTRAINT_UNIQUE');
  });

  it('leave refusals and other errors as they are', () => {
    for (const error of [identityErrors.emailTaken(), new TypeError('mine')]) expect(translated(error)).to.equal(error);
  });

  it('are worth another attempt only where somebody else was in the way', () => {
    expect([5, 517, 6, 13, 2067].map((errcode) => isConflict(sqlite(errcode)))).to.deep.equal([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
