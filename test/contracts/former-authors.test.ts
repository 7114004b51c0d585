/** What every store promises about messages of users who are deleted. */
import { expect } from 'chai';
import { ForgetAuthors } from '#application/conversations/forget-authors.ts';
import { aMessage, aThread, aUser } from '../support/records.ts';
import { contract } from './backends.ts';
import { ON_RECORD_STORES, recordStores } from './record-stores.ts';

contract('FormerAuthors', ON_RECORD_STORES, recordStores, (stores) => {
  const forget = () => new ForgetAuthors(stores()).execute();

  it('takes a former author, and nobody else, off all messages in all threads', async () => {
    const [gone, stays] = [aUser(), aUser()];
    const threads = [aThread(stays.id), aThread(stays.id), aThread(stays.id)];
    await stores().unitOfWork.run(async (repos) => {
      for (const user of [gone, stays]) await repos.users.add(user);
      for (const thread of threads) await repos.threads.add(thread);
    });
    for (const thread of threads) {
      for (let n = 0; n < 400; n += 1) {
        const message = aMessage(thread.id, { authorId: n % 2 === 0 ? gone.id : stays.id, content: 'x', size: 1 });
        const guard = { ifVersion: 1, estimator: thread.estimator, sizeBelow: 1e9, maxEntries: 1e9 };
        await stores().conversations.append(message, guard, null);
      }
    }
    await stores().unitOfWork.run(async ({ users, formerAuthors }) => {
      await users.remove(gone.id);
      await formerAuthors.add(gone.id);
    });
    expect(await stores().reads.formerAuthors.find()).to.equal(gone.id);
    await forget();
    for (const thread of threads) {
      const messages = await stores().conversations.messages(thread.id, { limit: 400 });
      expect(messages.map(({ authorId }) => authorId)).to.deep.equal(
        Array.from({ length: 400 }, (_, n) => (n % 2 === 0 ? null : stays.id)),
      );
    }
    expect(await stores().reads.formerAuthors.find()).to.equal(undefined);
  });

  it('does nothing where nobody is to be forgotten', async () => {
    await forget();
  });
});
