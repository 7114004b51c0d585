/** What every store promises of the values that it holds encrypted. */
import { expect } from 'chai';
import type { Source } from '#domain/library/source.ts';
import type { SourceAccess } from '#domain/library/source-access.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { anOauthAccount, at, aUser, newId } from '../../support/builders/records.ts';

contract('EncryptedValues', ON_RECORD_STORES, recordStores, (stores) => {
  const user = aUser();
  const source: Source = {
    id: newId('source'),
    workspaceId: HOME_ID,
    title: 'Rules of the Deep',
    publisher: null,
    edition: null,
    description: null,
    included: false,
    createdAt: at(0),
  };
  const access: SourceAccess = {
    sourceId: source.id,
    userId: user.id,
    type: 'alacarte',
    validFrom: at(0),
    expiresAt: null,
    grantedAt: at(0),
    revokedAt: null,
    trialUsed: false,
    licenseKey: 'sealed-key',
  };

  beforeEach(() =>
    stores().unitOfWork.run(async ({ users, sources }) => {
      await users.add(user);
      await sources.add(source);
    }),
  );

  const fill = () =>
    stores().unitOfWork.run(async ({ oauthAccounts, sourceAccesses }) => {
      await oauthAccounts.add(anOauthAccount(user.id, { refreshToken: 'sealed-token' }));
      await oauthAccounts.add(anOauthAccount(user.id, { refreshToken: null }));
      await sourceAccesses.save(access, HOME_ID);
    });

  it('reports whether there is any encrypted value', async () => {
    expect(await stores().reads.encryptedValues.exist()).to.equal(false);
    await fill();
    expect(await stores().reads.encryptedValues.exist()).to.equal(true);
  });

  it('lists all encrypted values with their columns', async () => {
    await fill();
    const values = await stores().reads.encryptedValues.list();
    expect(values.map(({ column, encrypted }) => `${column}: ${encrypted}`)).to.have.members([
      'oauth_accounts.refresh_token: sealed-token',
      'source_access.license_key: sealed-key',
    ]);
  });

  it('replaces a value only if it has not changed since it was listed', async () => {
    await fill();
    for (const value of await stores().reads.encryptedValues.list()) {
      const replace = (encrypted: string) =>
        stores().unitOfWork.run(({ encryptedValues }) => encryptedValues.replace(value, encrypted));
      expect(await replace(`new-${value.encrypted}`)).to.equal(true);
      expect(await replace('newer')).to.equal(false);
    }
    const encrypted = (await stores().reads.encryptedValues.list()).map((value) => value.encrypted);
    expect(encrypted).to.have.members(['new-sealed-token', 'new-sealed-key']);
  });
});
