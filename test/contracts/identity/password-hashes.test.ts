/** What every store of password hashes promises. */
import { expect } from 'chai';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aUser } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

contract('PasswordHashes', ON_RECORD_STORES, recordStores, (stores) => {
  it('stores one hash per user, and replaces it', async () => {
    const [user, other] = [aUser(), aUser()];
    await stores().unitOfWork.run(async ({ users, passwordHashes }) => {
      await users.add(user);
      await users.add(other);
      await passwordHashes.save(user.id, 'first');
    });
    expect(await stores().passwordHashes.find(user.id)).to.equal('first');
    await stores().unitOfWork.run(async ({ passwordHashes }) => {
      await passwordHashes.save(user.id, 'second');
      expect(await passwordHashes.find(user.id)).to.equal('second');
    });
    expect(await stores().passwordHashes.find(user.id)).to.equal('second');
    expect(await stores().passwordHashes.find(other.id)).to.equal(undefined);
  });

  it('lists each scheme once, an algorithm and a cost, and nothing of the hashes', async () => {
    const schemes = async () => [...(await stores().reads.passwordHashes.listSchemes())].sort();
    expect(await schemes()).to.deep.equal([]);
    await stores().unitOfWork.run(async ({ users, passwordHashes }) => {
      for (const scheme of ['$2b$04$', '$2b$12$', '$2b$04$']) {
        const user = aUser();
        await users.add(user);
        await passwordHashes.save(user.id, `${scheme}and-a-hash-of-${user.id}`);
      }
    });
    expect(await schemes()).to.deep.equal(['$2b$04$', '$2b$12$']);
  });

  it('stores none for an unknown user', async () => {
    const id = aUser().id;
    await failureOf(stores().unitOfWork.run(({ passwordHashes }) => passwordHashes.save(id, 'hash')));
    expect(await stores().passwordHashes.find(id)).to.equal(undefined);
  });
});
