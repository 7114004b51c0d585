/** What every store of API tokens promises. */
import { expect } from 'chai';
import type { ApiToken } from '#domain/identity/api-token.ts';
import type { User } from '#domain/identity/user.ts';
import type { ApiTokenId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { anApiToken, at, aUser } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

contract('ApiTokens', ON_RECORD_STORES, recordStores, (stores) => {
  let owner: User;
  const add = (token: ApiToken) => stores().unitOfWork.run(({ apiTokens }) => apiTokens.add(token));
  const find = (id: ApiTokenId) => stores().unitOfWork.run(({ apiTokens }) => apiTokens.find(id));

  beforeEach(async () => {
    owner = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(owner));
  });

  it('returns every field as it was stored, by id, by digest and in the list', async () => {
    const full = anApiToken(owner.id);
    const bare = anApiToken(owner.id, {
      scopes: [],
      createdAt: at(1),
      lastUsedAt: null,
      usageCount: 0,
      revokedAt: null,
      revokedBy: null,
    });
    await add(full);
    await add(bare);
    for (const token of [full, bare]) {
      expect(await find(token.id)).to.deep.equal(token);
      const byDigest = await stores().unitOfWork.run(({ apiTokens }) => apiTokens.findByDigest(token.digest));
      expect(byDigest).to.deep.equal(token);
    }
    expect(await stores().unitOfWork.run(({ apiTokens }) => apiTokens.listByUser(owner.id))).to.deep.equal([
      bare,
      full,
    ]);
  });

  it('finds no unknown token, and lists no token of another user', async () => {
    const other = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(other));
    await add(anApiToken(other.id));
    expect(await find(anApiToken(owner.id).id)).to.equal(undefined);
    await stores().unitOfWork.run(async ({ apiTokens }) => {
      expect(await apiTokens.findByDigest('unknown')).to.equal(undefined);
      expect(await apiTokens.listByUser(owner.id)).to.deep.equal([]);
    });
  });

  it('refuses a second token with the same digest, and a token of an unknown user', async () => {
    const first = anApiToken(owner.id);
    await add(first);
    const second = anApiToken(owner.id, { digest: first.digest });
    await failureOf(add(second));
    expect(await find(second.id)).to.equal(undefined);
    const nobodys = anApiToken(aUser().id);
    await failureOf(add(nobodys));
    expect(await find(nobodys.id)).to.equal(undefined);
  });

  it('saves expiry and revocation, but neither counted uses nor the digest', async () => {
    const token = anApiToken(owner.id, { revokedAt: null, revokedBy: null });
    await add(token);
    const ended = { ...token, expiresAt: at(50), revokedAt: at(20), revokedBy: owner.id };
    await stores().unitOfWork.run(({ apiTokens }) =>
      apiTokens.save({ ...ended, usageCount: 0, lastUsedAt: null, digest: 'other', prefix: 'other' }),
    );
    expect(await find(token.id)).to.deep.equal(ended);
  });

  it('counts every use while the token changes concurrently', async () => {
    const token = anApiToken(owner.id, { usageCount: 0, lastUsedAt: null, revokedAt: null, revokedBy: null });
    await add(token);
    const counted = Array.from({ length: 8 }, (_, i) =>
      stores().unitOfWork.run(({ apiTokens }) => apiTokens.addUses(token.id, { count: 2, lastAt: at(i) })),
    );
    const changed = stores().unitOfWork.run(async ({ apiTokens }) => {
      const found = await apiTokens.find(token.id);
      await apiTokens.save({ ...(found as ApiToken), expiresAt: at(60) });
    });
    await Promise.all([...counted, changed]);
    expect(await find(token.id)).to.deep.equal({ ...token, usageCount: 16, lastUsedAt: at(7), expiresAt: at(60) });
  });

  it('does not return to an older use, and ignores uses of an unknown token', async () => {
    const token = anApiToken(owner.id, { lastUsedAt: at(90) });
    await add(token);
    await stores().unitOfWork.run(async ({ apiTokens }) => {
      await apiTokens.addUses(token.id, { count: 1, lastAt: at(80) });
      await apiTokens.addUses(anApiToken(owner.id).id, { count: 1, lastAt: at(80) });
    });
    expect(await find(token.id)).to.deep.equal({ ...token, usageCount: 8 });
  });

  it('deletes tokens with their user', async () => {
    const token = anApiToken(owner.id);
    await add(token);
    await stores().unitOfWork.run(({ users }) => users.remove(owner.id));
    await stores().unitOfWork.run(async ({ apiTokens }) => {
      expect(await apiTokens.find(token.id)).to.equal(undefined);
      expect(await apiTokens.findByDigest(token.digest)).to.equal(undefined);
    });
  });

  it('returns copies, so that changing one does not change what is stored', async () => {
    const token = anApiToken(owner.id);
    const given = { ...token, scopes: [...token.scopes], expiresAt: new Date(token.expiresAt) };
    await add(given);
    given.scopes.push('users.write');
    given.expiresAt.setTime(0);
    (await find(token.id))?.expiresAt.setTime(0);
    expect(await find(token.id)).to.deep.equal(token);
  });
});
