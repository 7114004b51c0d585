/** What every store of jobs promises: the records that people see, and that one key is one job. */
import { expect } from 'chai';
import { isActive, queuedJob, retried, withCancelRequest } from '#domain/jobs/job.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { addJobs, aNewJob, jobOf } from '../../support/builders/jobs.ts';
import { at, aUser } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const KINDS = ['count'];

contract('Jobs', ON_RECORD_STORES, recordStores, (stores) => {
  const claim = (seconds = 0, leaseSeconds = 10) =>
    stores().jobQueue.claim(KINDS, at(seconds), at(seconds + leaseSeconds));

  it('are found as they were added, with every field as it is in the beginning', async () => {
    const user = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(user));
    const asked = aNewJob({ requestedBy: user.id });
    await addJobs(stores(), asked);
    expect(await jobOf(stores(), asked.id)).to.deep.equal(queuedJob(asked));
    expect(await stores().reads.jobs.findActive('count', asked.key)).to.deep.equal(queuedJob(asked));
    expect(await stores().reads.jobs.findActive('other', asked.key)).to.equal(undefined);
    expect(await stores().reads.jobs.find(aNewJob().id)).to.equal(undefined);
  });

  it('change in every field that may change', async () => {
    const asked = aNewJob();
    await addJobs(stores(), asked);
    const changed = {
      ...queuedJob(asked),
      status: 'failed' as const,
      progress: { done: 3, total: 5_000_000_000, note: 'page 3 has no text' },
      attempts: 6,
      error: 'No.',
      startedAt: at(1),
      finishedAt: at(2),
      checkpoint: { page: 3, text: 'Élise “Lis”' },
      cancelRequested: true,
      dueAt: at(3),
    };
    await stores().unitOfWork.run(({ jobs }) => jobs.save(changed));
    expect(await jobOf(stores(), asked.id)).to.deep.equal(changed);
  });

  it('do not come to be by a unit of work that fails', async () => {
    const asked = aNewJob();
    const refused = stores().unitOfWork.run(async ({ jobs }) => {
      await jobs.add(asked);
      throw new Error('refused');
    });
    expect(((await failureOf(refused)) as Error).message).to.equal('refused');
    expect(await stores().reads.jobs.find(asked.id)).to.equal(undefined);
    expect(await claim()).to.equal(undefined);
  });

  it('are one for a key of a kind while that is queued or running, and another afterwards', async () => {
    const [first, second, third] = [aNewJob({ key: 'k' }), aNewJob({ key: 'k' }), aNewJob({ key: 'k' })];
    const add = (job: typeof first) => stores().unitOfWork.run(({ jobs }) => jobs.add(job));
    expect((await add(first)).id).to.equal(first.id);
    expect((await add(second)).id).to.equal(first.id);
    const running = await claim();
    expect((await add(second)).id).to.equal(first.id);
    expect((await add({ ...second, kind: 'other' })).id).to.equal(second.id);
    await stores().unitOfWork.run(({ jobs }) => jobs.saveHeld({ ...queuedJob(first), token: 1, status: 'done' }));
    expect(running?.id).to.equal(first.id);
    expect((await add(third)).id).to.equal(third.id);
  });

  it('go once they ended long enough ago, the number that is asked for, and what is still to be done stays', async () => {
    const [waiting, recent, ...old] = [0, 0, 0, 0, 0].map(() => aNewJob());
    await addJobs(stores(), waiting!, recent!, ...old);
    await stores().unitOfWork.run(async ({ jobs }) => {
      for (const job of old) await jobs.save({ ...queuedJob(job), status: 'failed', finishedAt: at(10) });
      await jobs.save({ ...queuedJob(recent!), status: 'done', finishedAt: at(11) });
    });
    const prune = () => stores().unitOfWork.run(({ jobs }) => jobs.prune(at(10), 2));
    expect([await prune(), await prune(), await prune()]).to.deep.equal([2, 1, 0]);
    const { items } = await stores().reads.jobs.list({ requestedBy: null, limit: 9 });
    expect(items.map(({ id }) => id)).to.have.members([waiting!.id, recent!.id]);
  });

  it('are one for a key however many ask for it at once', async () => {
    const asked = Array.from({ length: 12 }, () => aNewJob({ key: 'k' }));
    const added = await Promise.all(asked.map((job) => stores().unitOfWork.run(({ jobs }) => jobs.add(job))));
    expect(new Set(added.map(({ id }) => id)).size).to.equal(1);
    const { items } = await stores().reads.jobs.list({ requestedBy: null, limit: 50 });
    expect(items.filter(isActive)).to.have.length(1);
  });

  it('are listed newest first, in pages, those of one user or all', async () => {
    const [one, two] = [aUser(), aUser()];
    await stores().unitOfWork.run(async ({ users }) => {
      for (const user of [one, two]) await users.add(user);
    });
    const mine = [0, 1, 1, 2].map((seconds) => aNewJob({ requestedBy: one.id, createdAt: at(seconds) }));
    const others = [aNewJob({ requestedBy: two.id, createdAt: at(3) }), aNewJob({ createdAt: at(4) })];
    await addJobs(stores(), ...mine, ...others);
    const list = stores().reads.jobs;
    const first = await list.list({ requestedBy: one.id, limit: 2 });
    const second = await list.list({ requestedBy: one.id, limit: 2, ...(first.next && { cursor: first.next }) });
    expect([...first.items, ...second.items].map(({ id }) => id)).to.deep.equal(mine.map(({ id }) => id).reverse());
    expect(second.next).to.equal(null);
    const all = await list.list({ requestedBy: null, limit: 9 });
    expect(all.items.map(({ id }) => id)).to.deep.equal([...mine, ...others].map(({ id }) => id).reverse());
  });

  it('outlast whoever asked for them, and name them no more', async () => {
    const user = aUser();
    const asked = aNewJob({ requestedBy: user.id });
    await stores().unitOfWork.run(({ users }) => users.add(user));
    await addJobs(stores(), asked);
    await stores().unitOfWork.run(({ users }) => users.remove(user.id));
    expect((await jobOf(stores(), asked.id)).requestedBy).to.equal(null);
  });

  it('are counted by kind while they wait and run, with the time of the oldest', async () => {
    const [old, young, other, over] = [
      aNewJob({ createdAt: at(-5) }),
      aNewJob(),
      aNewJob({ kind: 'other' }),
      aNewJob(),
    ];
    await addJobs(stores(), old, young, other, over);
    await stores().unitOfWork.run(({ jobs }) => jobs.save(withCancelRequest(queuedJob(over), at(0))));
    await claim();
    expect(await stores().reads.jobs.countActive()).to.deep.equal([
      { kind: 'count', status: 'queued', count: 1, oldest: at(0) },
      { kind: 'count', status: 'running', count: 1, oldest: at(-5) },
      { kind: 'other', status: 'queued', count: 1, oldest: at(0) },
    ]);
  });

  it('are claimed when they are due, those of known kinds, the one that has been due for longest first', async () => {
    const [early, late, future] = [aNewJob({ createdAt: at(-2) }), aNewJob(), aNewJob({ createdAt: at(9) })];
    await addJobs(stores(), late, future, early, aNewJob({ kind: 'other', createdAt: at(-9) }));
    const claimed = [await claim(), await claim(), await claim()];
    expect(claimed.map((job) => job?.id)).to.deep.equal([early.id, late.id, undefined]);
    expect(claimed[0]).to.deep.equal({
      ...queuedJob(early),
      status: 'running',
      attempts: 1,
      startedAt: at(0),
      dueAt: at(10),
      token: 1,
    });
    expect(await jobOf(stores(), early.id)).to.deep.equal(claimed[0]);
  });

  it('are claimed again once a lease has run out, with a token of their own, and not before', async () => {
    const asked = aNewJob();
    await addJobs(stores(), asked);
    const first = await claim(0);
    expect(await claim(9)).to.equal(undefined);
    expect(await stores().jobQueue.renew({ id: asked.id, token: 1 }, at(15))).to.deep.equal({ cancelRequested: false });
    expect(await claim(14)).to.equal(undefined);
    const second = await claim(15);
    expect([first?.token, second?.token]).to.deep.equal([1, 2]);
    expect(second).to.deep.include({ attempts: 2, startedAt: at(0), dueAt: at(25) });
  });

  it('are neither renewed nor changed by whoever lost them', async () => {
    const asked = aNewJob();
    await addJobs(stores(), asked);
    const stale = await claim(0);
    const fresh = await claim(10);
    if (stale === undefined || fresh === undefined) throw new Error('Nothing was claimed.');
    const save = (job: typeof fresh) => stores().unitOfWork.run(({ jobs }) => jobs.saveHeld(job));
    expect(await stores().jobQueue.renew(stale, at(99))).to.equal(undefined);
    for (const status of ['running', 'done', 'failed', 'queued'] as const)
      expect(await save({ ...stale, status, checkpoint: { stale: true } }), status).to.equal(false);
    expect(await jobOf(stores(), asked.id)).to.deep.equal(fresh);
    expect(await save({ ...fresh, status: 'done', finishedAt: at(11) })).to.equal(true);
    // What has ended is nobody's any more.
    expect(await save(fresh)).to.equal(false);
    expect(await stores().jobQueue.renew(fresh, at(99))).to.equal(undefined);
    expect((await jobOf(stores(), asked.id)).status).to.equal('done');
  });

  it('keep a wish to end them, whatever whoever runs them writes meanwhile, and tell it by a renewal', async () => {
    const asked = aNewJob();
    await addJobs(stores(), asked);
    const running = await claim();
    if (running === undefined) throw new Error('Nothing was claimed.');
    await stores().unitOfWork.run(({ jobs }) => jobs.save(withCancelRequest(running, at(1))));
    await stores().unitOfWork.run(({ jobs }) => jobs.saveHeld({ ...running, checkpoint: { done: 1 } }));
    expect(await jobOf(stores(), asked.id)).to.deep.include({ cancelRequested: true, checkpoint: { done: 1 } });
    expect(await stores().jobQueue.renew(running, at(20))).to.deep.equal({ cancelRequested: true });
    await stores().unitOfWork.run(({ jobs }) => jobs.save(retried({ ...running, status: 'canceled' }, at(2))));
    expect((await jobOf(stores(), asked.id)).cancelRequested).to.equal(false);
  });

  it('are each claimed by one of many who ask at once', async () => {
    const asked = Array.from({ length: 24 }, () => aNewJob());
    await addJobs(stores(), ...asked);
    const claimed = await Promise.all(Array.from({ length: 30 }, () => claim()));
    const ids = claimed.flatMap((job) => (job === undefined ? [] : [job.id]));
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids).to.have.length(24);
  });
});
