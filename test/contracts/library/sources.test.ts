/** What every store of sources and of licences promises. */
import { expect } from 'chai';
import type { User } from '#domain/identity/user.ts';
import type { Source } from '#domain/library/source.ts';
import type { SourceAccess } from '#domain/library/source-access.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { anAccess, aSource, at, aUser } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

contract('Sources and SourceAccesses', ON_RECORD_STORES, recordStores, (stores) => {
  let user: User;
  const add = (...sources: readonly Source[]) =>
    stores().unitOfWork.run(async (repos) => {
      for (const source of sources) await repos.sources.add(source);
    });
  const grant = (access: SourceAccess) =>
    stores().unitOfWork.run(({ sourceAccesses }) => sourceAccesses.save(access, HOME_ID));
  const readable = async (seconds: number) =>
    (await stores().reads.sources.listReadable(HOME_ID, { userId: user.id, now: at(seconds) }, { limit: 9 })).items.map(
      (source) => source.id,
    );

  beforeEach(async () => {
    user = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(user));
  });

  it('returns every field of a source as it was added, and as it was saved later', async () => {
    const full = aSource({ included: true });
    const bare = aSource({ publisher: null, edition: null, description: null });
    await add(full, bare);
    expect(await stores().reads.sources.find(full.id)).to.deep.equal(full);
    expect(await stores().reads.sources.find(bare.id)).to.deep.equal(bare);
    const changed = { ...full, title: 'Changed', edition: null, included: false };
    await stores().unitOfWork.run(({ sources }) => sources.save(changed));
    expect(await stores().reads.sources.find(full.id)).to.deep.equal(changed);
  });

  it('refuses a taken title and edition, case-insensitively, when adding and when saving', async () => {
    const first = aSource({ title: 'Monster Manual', edition: '5e' });
    const other = aSource({ title: 'Monster Manual', edition: null });
    await add(first, other);
    expect(await refusalOf(add(aSource({ title: 'MONSTER manual ', edition: '5E' })))).to.equal('source_taken');
    const renamed = { ...other, edition: '5e' };
    expect(await refusalOf(stores().unitOfWork.run(({ sources }) => sources.save(renamed)))).to.equal('source_taken');
    expect(await stores().reads.sources.find(other.id)).to.deep.equal(other);
    await stores().unitOfWork.run(({ sources }) => sources.save({ ...first, title: 'Monsters' }));
    await stores().unitOfWork.run(({ sources }) => sources.save(renamed));
  });

  it('lists sources newest first, in pages without gaps or duplicates', async () => {
    const made = [at(1), at(3), at(2)].map((createdAt) => aSource({ createdAt }));
    await add(...made);
    const first = await stores().reads.sources.list(HOME_ID, { limit: 2 });
    const second = await stores().reads.sources.list(HOME_ID, { limit: 2, ...(first.next && { cursor: first.next }) });
    expect([...first.items, ...second.items]).to.deep.equal([made[1], made[2], made[0]]);
    expect(second.next).to.equal(null);
  });

  it('stores one licence per user and source with every field, and replaces it', async () => {
    const source = aSource();
    await add(source);
    const access = anAccess(source.id, user.id, { type: 'trial', trialUsed: true, revokedAt: at(4) });
    await grant(access);
    expect(await stores().reads.sourceAccesses.find(source.id, user.id)).to.deep.equal(access);
    const replaced = anAccess(source.id, user.id, { type: 'included', expiresAt: null, licenseKey: null });
    await grant(replaced);
    expect(await stores().reads.sourceAccesses.find(source.id, user.id)).to.deep.equal(replaced);
    expect(await stores().reads.sourceAccesses.findByUser(user.id, [source.id])).to.deep.equal([replaced]);
    expect(await stores().reads.sourceAccesses.findByUser(user.id, [])).to.deep.equal([]);
  });

  it('keeps the licences of two users to one source apart, whichever was granted first', async () => {
    const [source, other] = [aSource(), aUser()];
    await add(source);
    await stores().unitOfWork.run(({ users }) => users.add(other));
    const [mine, theirs] = [
      anAccess(source.id, user.id, { type: 'trial', expiresAt: at(10) }),
      anAccess(source.id, other.id, { expiresAt: at(20), licenseKey: null }),
    ];
    await grant(mine);
    await grant(theirs);
    const { sourceAccesses } = stores().reads;
    const changed = { ...mine, revokedAt: at(5) };
    expect(await sourceAccesses.find(source.id, user.id)).to.deep.equal(mine);
    expect(await sourceAccesses.find(source.id, other.id)).to.deep.equal(theirs);
    expect(await sourceAccesses.findByUser(user.id, [source.id])).to.deep.equal([mine]);
    expect(await sourceAccesses.findByUser(other.id, [source.id])).to.deep.equal([theirs]);
    await grant(changed);
    expect(await sourceAccesses.find(source.id, user.id)).to.deep.equal(changed);
    expect(await sourceAccesses.find(source.id, other.id)).to.deep.equal(theirs);
    expect(await readable(15)).to.deep.equal([]);
  });

  it('finds when the next licence of a user begins, without those that are revoked or somebody else’s', async () => {
    const sources = [1, 2, 3, 4].map(() => aSource());
    const stranger = aUser();
    await add(...sources);
    await stores().unitOfWork.run(({ users }) => users.add(stranger));
    const [one, two, three, four] = sources as [Source, Source, Source, Source];
    const begins = (source: Source, seconds: number, fields: Partial<SourceAccess> = {}) =>
      grant(anAccess(source.id, user.id, { validFrom: at(seconds), expiresAt: null, revokedAt: null, ...fields }));
    await begins(one, 20);
    await begins(two, 10);
    await begins(three, 5, { revokedAt: at(1) });
    await begins(four, 6, { userId: stranger.id });
    const next = (seconds: number) => stores().reads.sourceAccesses.findNextStart(user.id, at(seconds));
    expect([await next(0), await next(9.999), await next(10), await next(20)]).to.deep.equal([
      at(10),
      at(10),
      at(20),
      undefined,
    ]);
  });

  it('refuses a licence of an unknown user', async () => {
    const source = aSource();
    await add(source);
    expect(await refusalOf(grant(anAccess(source.id, aUser().id)))).to.equal('user_not_found');
  });

  it('takes no licence of a type that is none', async () => {
    const source = aSource();
    await add(source);
    await failureOf(grant(anAccess(source.id, user.id, { type: 'dragon' as 'trial' })));
    expect(await stores().reads.sourceAccesses.find(source.id, user.id)).to.equal(undefined);
  });

  it('lists the licences of a source, newest grant first, without revoked ones', async () => {
    const source = aSource();
    const others = [aUser(), aUser()];
    await add(source);
    await stores().unitOfWork.run(async ({ users }) => {
      for (const one of others) await users.add(one);
    });
    const [first, second] = others.map((one, i) => anAccess(source.id, one.id, { grantedAt: at(i) }));
    await grant(first as SourceAccess);
    await grant(second as SourceAccess);
    await grant(anAccess(source.id, user.id, { revokedAt: at(5) }));
    const page = await stores().reads.sourceAccesses.list(source.id, { limit: 1 });
    expect(page.items).to.deep.equal([second]);
    const rest = await stores().reads.sourceAccesses.list(source.id, {
      limit: 1,
      ...(page.next && { cursor: page.next }),
    });
    expect(rest).to.deep.equal({ items: [first], next: null });
  });

  it('lists the sources that are included or for which a user has a licence at a given time', async () => {
    const [included, licensed, forEver, revoked, foreign] = [
      aSource({ included: true }),
      aSource(),
      aSource(),
      aSource(),
      aSource(),
    ];
    const stranger = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(stranger));
    await add(included, licensed, forEver, revoked, foreign);
    await grant(anAccess(licensed.id, user.id, { validFrom: at(10), expiresAt: at(20) }));
    await grant(anAccess(forEver.id, user.id, { validFrom: at(15), expiresAt: null }));
    await grant(anAccess(revoked.id, user.id, { revokedAt: at(1) }));
    await grant(anAccess(foreign.id, stranger.id));
    expect(await readable(9.999)).to.have.members([included.id]);
    expect(await readable(10)).to.have.members([included.id, licensed.id]);
    expect(await readable(19.999)).to.have.members([included.id, licensed.id, forEver.id]);
    expect(await readable(20)).to.have.members([included.id, forEver.id]);
  });

  it('deletes licences with their source, and with their user', async () => {
    const [source, other] = [aSource(), aSource()];
    await add(source, other);
    await grant(anAccess(source.id, user.id));
    await grant(anAccess(other.id, user.id));
    await stores().unitOfWork.run(({ sources }) => sources.remove(source.id));
    expect(await stores().reads.sourceAccesses.find(source.id, user.id)).to.equal(undefined);
    await add({ ...aSource(), title: source.title, edition: source.edition });
    await stores().unitOfWork.run(({ users }) => users.remove(user.id));
    expect(await stores().reads.sourceAccesses.find(other.id, user.id)).to.equal(undefined);
  });
});
