/** How long what identity caches may be out of date. */
import { expect } from 'chai';
import { apiTokenArea, principalArea } from '#application/identity/cached-rights.ts';
import { anApiToken, at, aUser } from '../../support/builders/records.ts';

describe('What identity caches', () => {
  it('is read again after a minute at the latest, whoever changed it', () => {
    const user = aUser();
    expect(principalArea.ttlMs({ user, permissions: [], workspaces: [] }, at(0))).to.equal(60_000);
    expect(apiTokenArea.ttlMs(anApiToken(user.id), at(0))).to.equal(60_000);
  });
});
