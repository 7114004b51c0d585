/** What every store of API tokens promises. */
import { expect } from 'chai';
import type { ApiTokenCursor } from '#application/identity/ports.ts';
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

  const list = (limit: number, cursor?: ApiTokenCursor) =>
    stores().reads.apiTokens.listByUser(owner.id, { limit, ...(cursor === undefined ? {} : { cursor }) });

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
    expect(await list(10)).to.deep.equal({ items: [bare, full], next: null });
  });

  it('lists in pages, the newest first, each token once though others come and end meanwhile', async () => {
    const [ids, later] = [['a', 'b', 'c', 'd'], at(5)];
    const tokens = ids.map((id) => anApiToken(owner.id, { id: `tok_${id}` as ApiTokenId, createdAt: at(1) }));
    for (const token of tokens) await add(token);
    const [a, b, c, d] = tokens as [ApiToken, ApiToken, ApiToken, ApiToken];
    const first = await list(2);
    expect(first).to.deep.equal({ items: [d, c], next: { at: at(1), id: 'tok_c' } });
    await add(anApiToken(owner.id, { createdAt: later }));
    await stores().unitOfWork.run(({ apiTokens }) => apiTokens.endByUser(owner.id, owner.id, later));
    const second = await list(2, first.next as ApiTokenCursor);
    expect(second).to.deep.equal({ items: [b, a], next: null });
    expect((await list(1, { at: at(1), id: 'tok_b' as ApiTokenId })).items).to.deep.equal([a]);
  });

  it('counts, and ends all at once, those tokens of one user that are usable: neither revoked nor expired', async () => {
    const [revoker, other] = [aUser(), aUser()];
    await stores().unitOfWork.run(async ({ users }) => {
      for (const user of [revoker, other]) await users.add(user);
    });
    const unrevoked = { revokedAt: null, revokedBy: null };
    const usable = [anApiToken(owner.id, unrevoked), anApiToken(owner.id, unrevoked)];
    const expired = anApiToken(owner.id, { ...unrevoked, expiresAt: at(10) });
    const revoked = anApiToken(owner.id, { revokedAt: at(3), revokedBy: owner.id });
    const foreign = anApiToken(other.id, unrevoked);
    for (const token of [...usable, expired, revoked, foreign]) await add(token);
    const count = () => stores().reads.apiTokens.countUsable(owner.id, at(10));
    const end = () => stores().unitOfWork.run(({ apiTokens }) => apiTokens.endByUser(owner.id, revoker.id, at(10)));
    expect([await count(), await end(), await count(), await end()]).to.deep.equal([2, 2, 0, 0]);
    for (const token of [...usable, expired])
      expect(await find(token.id)).to.deep.equal({ ...token, revokedAt: at(10), revokedBy: revoker.id });
    for (const token of [revoked, foreign]) expect(await find(token.id)).to.deep.equal(token);
  });

  it('finds no unknown token, and lists no token of another user', async () => {
    const other = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(other));
    await add(anApiToken(other.id));
    expect(await find(anApiToken(owner.id).id)).to.equal(undefined);
    await stores().unitOfWork.run(async ({ apiTokens }) => {
      expect(await apiTokens.findByDigest('unknown')).to.equal(undefined);
      expect(await apiTokens.listByUser(owner.id, { limit: 10 })).to.deep.equal({ items: [], next: null });
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
