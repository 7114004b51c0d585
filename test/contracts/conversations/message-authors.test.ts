/** What every store promises about messages of users who are deleted. */
import { expect } from 'chai';
import { AnonymizeAuthors } from '#application/conversations/messages/anonymize-authors.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { addJobs, aNewJob, jobOf, Worker } from '../../support/builders/jobs.ts';
import { aMessage, aThread, aUser } from '../../support/builders/records.ts';
import { aThreadOf } from '../../support/builders/window-changes.ts';

contract('MessageAuthors', ON_RECORD_STORES, recordStores, (stores) => {
  const worker = (of = stores()) => new Worker(of, { anonymize_messages: new AnonymizeAuthors() });
  const jobOn = (id: UserId) => aNewJob({ kind: 'anonymize_messages', key: id, payload: { user_id: id } });

  /**
   * Threads of 400 messages, every other one, the last of a page of 1 000 too, said by somebody who is deleted by now.
   */
  async function threadsOfFormer(gone: User, stays: User): Promise<readonly Thread[]> {
    const threads = [aThread(stays.id), aThread(stays.id), aThread(stays.id)];
    await stores().unitOfWork.run(async (repos) => {
      for (const user of [gone, stays]) await repos.users.add(user);
      for (const thread of threads) await repos.threads.add(thread);
    });
    for (const thread of threads) {
      for (let n = 0; n < 400; n += 1) {
        const message = aMessage(thread.id, { authorId: n % 2 === 1 ? gone.id : stays.id, content: 'x', size: 1 });
        const guard = { ifVersion: 1, estimator: thread.estimator, sizeBelow: 1e9, maxEntries: 1e9 };
        await stores().conversations.append(message, guard, null);
      }
    }
    await stores().unitOfWork.run(({ users }) => users.remove(gone.id));
    return threads;
  }

  async function authorsOf({ id }: Thread): Promise<readonly (UserId | null)[]> {
    return (await stores().conversations.messages(id, { limit: 400 })).map(({ authorId }) => authorId);
  }

  it('removes a deleted author, and no other, from all messages in all threads', async () => {
    const [gone, stays] = [aUser(), aUser()];
    const threads = await threadsOfFormer(gone, stays);
    const job = jobOn(gone.id);
    await addJobs(stores(), job);
    await worker().run();
    const forgotten = Array.from({ length: 400 }, (_, n) => (n % 2 === 1 ? null : stays.id));
    for (const thread of threads) expect(await authorsOf(thread)).to.deep.equal(forgotten);
    expect(await jobOf(stores(), job.id)).to.include({ status: 'done' });
  });

  it('stops after a page when it is told to close, and goes on after that page with a later call', async () => {
    const [gone, stays] = [aUser(), aUser()];
    const threads = await threadsOfFormer(gone, stays);
    const job = jobOn(gone.id);
    await addJobs(stores(), job);
    const [closing, { unitOfWork }] = [new AbortController(), stores()];
    const closed: typeof unitOfWork = {
      run: (work) => {
        closing.abort();
        return unitOfWork.run(work);
      },
    };
    await worker({ ...stores(), unitOfWork: closed }).run(closing.signal);
    expect((await Promise.all(threads.map(authorsOf))).flat()).to.include(gone.id);
    const stopped = await jobOf(stores(), job.id);
    expect(stopped).to.deep.include({ status: 'queued', progress: { done: 1, total: null, note: null } });
    expect(stopped.checkpoint).to.include.keys('thread_id', 'seq');
    await worker().run();
    expect((await Promise.all(threads.map(authorsOf))).flat()).not.to.include(gone.id);
    expect((await jobOf(stores(), job.id)).status).to.equal('done');
  });

  it('does nothing if no author is to be removed', async () => {
    const { thread, said } = await aThreadOf(stores(), 3);
    const { unitOfWork } = stores();
    let units = 0;
    const counted: typeof unitOfWork = { run: (work) => unitOfWork.run(work).finally(() => (units += 1)) };
    await worker({ ...stores(), unitOfWork: counted }).run();
    expect(units).to.equal(0);
    expect(await authorsOf(thread)).to.deep.equal(said.map(({ authorId }) => authorId));
  });
});
