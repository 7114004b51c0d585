/** What every store of links to set a password promises. */
import { expect } from 'chai';
import { checkOpen, type PasswordLink } from '#domain/identity/password-link.ts';
import type { User } from '#domain/identity/user.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aPasswordLink, at, aUser } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

contract('PasswordLinks', ON_RECORD_STORES, recordStores, (stores) => {
  let owner: User;
  const add = (link: PasswordLink) => stores().unitOfWork.run(({ passwordLinks }) => passwordLinks.add(link));
  const find = (link: PasswordLink) =>
    stores().unitOfWork.run(({ passwordLinks }) => passwordLinks.findByDigest(link.digest));

  beforeEach(async () => {
    owner = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(owner));
  });

  it('returns every field as it was stored', async () => {
    for (const link of [aPasswordLink(owner.id), aPasswordLink(owner.id, { endedAt: at(3) })]) {
      await add(link);
      expect(await find(link)).to.deep.equal(link);
    }
    expect(await find(aPasswordLink(owner.id))).to.equal(undefined);
  });

  it('refuses a second link with the same digest, and a link of an unknown user', async () => {
    const first = aPasswordLink(owner.id);
    await add(first);
    await failureOf(add(aPasswordLink(owner.id, { digest: first.digest })));
    expect(await find(first)).to.deep.equal(first);
    const nobodys = aPasswordLink(aUser().id);
    await failureOf(add(nobodys));
    expect(await find(nobodys)).to.equal(undefined);
  });

  it('ends all open links of one user, and leaves earlier ends unchanged', async () => {
    const other = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(other));
    const [open, ended, others] = [
      aPasswordLink(owner.id),
      aPasswordLink(owner.id, { endedAt: at(1) }),
      aPasswordLink(other.id),
    ];
    for (const link of [open, ended, others]) await add(link);
    await stores().unitOfWork.run(({ passwordLinks }) => passwordLinks.endByUser(owner.id, at(9)));
    expect(await find(open)).to.deep.equal({ ...open, endedAt: at(9) });
    expect(await find(ended)).to.deep.equal(ended);
    expect(await find(others)).to.deep.equal(others);
  });

  it('lets exactly one of eight concurrent callers use a link', async () => {
    const link = aPasswordLink(owner.id);
    await add(link);
    const use = () =>
      stores().unitOfWork.run(async ({ passwordLinks }) => {
        checkOpen((await passwordLinks.findByDigest(link.digest)) as PasswordLink, at(1));
        await passwordLinks.endByUser(owner.id, at(1));
      });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, use));
    const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'used'));
    expect(codes.sort()).to.deep.equal([...Array(7).fill('password_link_ended'), 'used']);
  });
});
