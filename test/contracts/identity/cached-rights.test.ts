/** Whatever a unit of work changes of somebody's rights, on any store, is no longer in the cache when it has ended. */
import { expect } from 'chai';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { ApiTokenLookup } from '#application/identity/api-tokens/api-token-lookup.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import type { Repos } from '#application/repos.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { User } from '#domain/identity/user.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { invalidating } from '../../support/builders/invalidating.ts';
import { anApiToken, at, aUser } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

contract('Cached rights', ON_RECORD_STORES, recordStores, (stores) => {
  let unitOfWork: UnitOfWork<Repos>;
  let principals: Principals;
  let lookup: ApiTokenLookup;
  let user: User;
  const role = { name: 'scribe', description: '', builtin: false, permissions: ['audit.read'] as const };

  beforeEach(async () => {
    const cache = new EmbeddedCache({ clock: { now: () => at(0) } });
    unitOfWork = invalidating(stores().unitOfWork, cache);
    principals = new Principals({ ...stores(), cache });
    lookup = new ApiTokenLookup({ ...stores(), cache });
    user = aUser({ roles: ['scribe'] });
    await unitOfWork.run(async ({ users, roles }) => {
      await roles.save(role);
      await users.add(user);
    });
    expect((await principals.get(user.id)).permissions).to.deep.equal(['audit.read']);
  });

  it('of a user who is changed are those of the change', async () => {
    await unitOfWork.run(({ users }) => users.save({ ...user, roles: [], status: 'disabled', sessionEpoch: 4 }));
    const changed = await principals.get(user.id);
    expect(changed.permissions).to.deep.equal([]);
    expect(changed.user).to.include({ status: 'disabled', sessionEpoch: 4 });
  });

  it('of a user who is removed are nobody’s', async () => {
    await unitOfWork.run(({ users }) => users.remove(user.id));
    expect(await principals.findActive(user.id)).to.equal(null);
  });

  it('of all who hold a role that is changed are those of the change', async () => {
    await unitOfWork.run(({ roles }) => roles.save({ ...role, permissions: ['users.read'] }));
    expect((await principals.get(user.id)).permissions).to.deep.equal(['users.read']);
  });

  it('of a token that is changed are those of the change', async () => {
    const token = anApiToken(user.id, { revokedAt: null, revokedBy: null });
    await unitOfWork.run(({ apiTokens }) => apiTokens.add(token));
    expect((await lookup.find(token.digest))?.revokedAt).to.equal(null);
    await unitOfWork.run(({ apiTokens }) => apiTokens.save({ ...token, revokedAt: at(1), revokedBy: user.id }));
    expect((await lookup.find(token.digest))?.revokedAt).to.deep.equal(at(1));
  });

  it('of all tokens of a user that end at once are those of the end', async () => {
    const token = anApiToken(user.id, { revokedAt: null, revokedBy: null });
    await unitOfWork.run(({ apiTokens }) => apiTokens.add(token));
    expect((await lookup.find(token.digest))?.revokedAt).to.equal(null);
    await unitOfWork.run(({ apiTokens }) => apiTokens.endByUser(user.id, user.id, at(1)));
    expect((await lookup.find(token.digest))?.revokedAt).to.deep.equal(at(1));
  });

  it('stay as they are where the unit of work is undone', async () => {
    const undone = new Error('undone');
    const work = unitOfWork.run(async ({ users }) => {
      await users.save({ ...user, roles: [] });
      throw undone;
    });
    expect(await failureOf(work)).to.equal(undone);
    expect((await principals.get(user.id)).permissions).to.deep.equal(['audit.read']);
  });
});
