/** What the audit is told of sources and licences: never a licence key. */
import { expect } from 'chai';
import { accessFacts, sourceFacts } from '#domain/library/audit-facts.ts';
import { anAccess, aSource, at, newId } from '../../support/builders/records.ts';

describe('The facts of the library', () => {
  it('are what is said of a source', () => {
    const said = { title: 'Tome', publisher: 'Press', edition: '5e', description: 'Thick', included: true };
    expect(sourceFacts(aSource(said))).to.deep.equal(said);
  });

  it('are the terms of a licence, and whether it has a key', () => {
    const userId = newId('user');
    const access = anAccess(newId('source'), userId, {
      type: 'trial',
      validFrom: at(1),
      expiresAt: at(2),
      revokedAt: null,
      licenseKey: 'sealed',
    });
    const facts = { user_id: userId, type: 'trial', valid_from: at(1).toISOString() };
    const ends = at(2).toISOString();
    expect(accessFacts(access)).to.deep.equal({ ...facts, expires_at: ends, revoked: false, has_license_key: true });
    const over = { ...access, expiresAt: null, revokedAt: at(1), licenseKey: null };
    expect(accessFacts(over)).to.deep.equal({ ...facts, expires_at: null, revoked: true, has_license_key: false });
  });
});
