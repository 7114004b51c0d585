/** What running jobs promises on every record store: at least once, and the effect of each step exactly once. */
import { expect } from 'chai';
import type { JobHandler } from '#application/jobs/ports.ts';
import type { Repos } from '#application/repos.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import { withCancelRequest } from '#domain/jobs/job.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { addJobs, aNewJob, counting, jobOf, tracesIn, Worker } from '../../support/builders/jobs.ts';
import { at } from '../../support/builders/records.ts';
import { until } from '../../support/until.ts';

contract('Running jobs', ON_RECORD_STORES, recordStores, (stores) => {
  const jobs = (count: number) =>
    Array.from({ length: count }, (_, n) => aNewJob({ key: `job ${n}`, payload: { key: `job ${n}` } }));
  const worker = (before?: Parameters<typeof counting>[0]) => new Worker(stores(), { count: counting(before) });
  const onceEach = (of: ReturnType<typeof jobs>) =>
    new Map(of.flatMap(({ key }) => [1, 2, 3].map((step) => [`${key}/${step}`, 1] as const)));
  const sorted = (traces: ReadonlyMap<string, number>) => [...traces].sort();

  it('does each of 200 jobs once, step by step, with 16 workers at it', async function () {
    this.timeout(60_000);
    const asked = jobs(200);
    await addJobs(stores(), ...asked);
    const workers = Array.from({ length: 16 }, () => worker());
    // A unit of work that meets too many others is postponed: then it is due later.
    for (let seconds = 0; (await stores().reads.jobs.countActive()).length > 0; seconds += 60) {
      for (const one of workers) one.now = at(seconds);
      await Promise.all(workers.map((one) => one.run()));
    }
    expect(sorted(await tracesIn(stores()))).to.deep.equal(sorted(onceEach(asked)));
    for (const { id } of asked)
      expect(await jobOf(stores(), id)).to.deep.include({
        status: 'done',
        progress: { done: 3, total: 3, note: null },
      });
    const outcomes = workers.flatMap((one) => one.outcomes);
    expect(outcomes.filter((outcome) => outcome === 'done')).to.have.length(200);
    expect(outcomes).not.to.include.members(['failed']);
  });

  it('leaves nothing of a step of a worker that lost its lease, and the other goes on after the last one', async () => {
    const [asked] = jobs(1);
    if (asked === undefined) throw new Error('There is no job.');
    await addJobs(stores(), asked);
    const other = worker();
    other.now = at(60);
    const slow = worker((_, done) => (done === 1 ? other.run() : undefined));
    await slow.run();
    expect(slow.outcomes).to.deep.equal(['lost']);
    expect(other.outcomes).to.deep.equal(['done']);
    expect(sorted(await tracesIn(stores()))).to.deep.equal(sorted(onceEach([asked])));
    expect(await jobOf(stores(), asked.id)).to.deep.include({ status: 'done', token: 2, finishedAt: at(60) });
  });

  it('cannot fail, postpone or give back a job that another has claimed since', async () => {
    for (const failure of [new Error('broken'), storeErrors.storeUnavailable()]) {
      const asked = aNewJob({ payload: { key: 'k' } });
      await addJobs(stores(), asked);
      const slow = worker(async () => {
        await stores().jobQueue.claim(['count'], at(60), at(120));
        throw failure;
      });
      await slow.run();
      expect(slow.outcomes).to.deep.equal(['lost']);
      expect(await jobOf(stores(), asked.id)).to.include({ status: 'running', token: 2, error: null });
      await stores().unitOfWork.run(async (repos) => {
        const job = await repos.jobs.find(asked.id);
        if (job !== undefined) await repos.jobs.save({ ...job, status: 'done' });
      });
    }
  });

  it('keeps a job that is renewed, and aborts what is prepared for one that is lost or canceled', async () => {
    const asked = jobs(2);
    await addJobs(stores(), ...asked);
    const signals: AbortSignal[] = [];
    const handler: JobHandler<Repos> = {
      isEssential: false,
      async step({ payload }, signal) {
        signals.push(signal);
        holder.now = at(8);
        await holder.held.renew();
        expect(await stores().jobQueue.claim(['count'], at(12), at(99))).to.equal(undefined);
        expect(signal.aborted).to.equal(false);
        if (payload.key === 'job 0') await stores().jobQueue.claim(['count'], at(18), at(99));
        else await cancel(asked[1]?.id);
        await holder.held.renew();
        throw new Error('broken off');
      },
    };
    const cancel = (id = asked[0]?.id) =>
      stores().unitOfWork.run(async (repos) => {
        const job = id && (await repos.jobs.find(id));
        if (job) await repos.jobs.save(withCancelRequest(job, at(8)));
      });
    const holder = new Worker(stores(), { count: handler });
    for (const one of asked) {
      await stores().unitOfWork.run(async ({ jobs }) => {
        for (const other of asked) {
          const job = await jobs.find(other.id);
          if (job?.status === 'queued') await jobs.save({ ...job, dueAt: other.id === one.id ? at(0) : at(1_000) });
        }
      });
      holder.now = at(0);
      await holder.run();
    }
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, true]);
    expect(holder.outcomes).to.deep.equal(['lost', 'canceled']);
  });

  it('begins what comes to be due while another job takes long', async () => {
    const [slow, quick] = [aNewJob({ payload: { key: 'slow' } }), aNewJob({ payload: { key: 'quick' } })];
    await addJobs(stores(), slow);
    const gate = Promise.withResolvers<void>();
    const one = worker((key) => (key === 'slow' ? gate.promise : undefined));
    await one.start();
    await addJobs(stores(), quick);
    await one.start();
    await until(async () => (await jobOf(stores(), quick.id)).status === 'done', 'the other job is done');
    expect((await jobOf(stores(), slow.id)).status).to.equal('running');
    gate.resolve();
    await one.finish();
    expect((await jobOf(stores(), slow.id)).status).to.equal('done');
  });

  it('gives jobs back when it is told to close, which counts as no attempt', async () => {
    const asked = aNewJob({ payload: { key: 'k' } });
    await addJobs(stores(), asked);
    const closing = new AbortController();
    const one = worker((_, done) => {
      if (done === 1) closing.abort();
    });
    await one.run(closing.signal);
    expect(one.outcomes).to.deep.equal(['released']);
    expect(await jobOf(stores(), asked.id)).to.deep.include({ status: 'queued', attempts: 0, checkpoint: { done: 2 } });
    await one.run();
    expect(sorted(await tracesIn(stores()))).to.deep.equal([
      ['k/1', 1],
      ['k/2', 1],
      ['k/3', 1],
    ]);
  });
});
