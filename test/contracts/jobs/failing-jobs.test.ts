/** What running jobs promises on every record store where steps fail, stores are away, or somebody cancels. */
import { expect } from 'chai';
import { storeErrors } from '#application/shared/store-errors.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { retried, withCancelRequest } from '#domain/jobs/job.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { addJobs, aNewJob, counting, jobOf, STEPS, tracesIn, Worker } from '../../support/builders/jobs.ts';
import { at } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

contract('Failing jobs', ON_RECORD_STORES, recordStores, (stores) => {
  const worker = (before?: Parameters<typeof counting>[0]) => new Worker(stores(), { count: counting(before) });
  const sorted = (traces: ReadonlyMap<string, number>) => [...traces].sort();

  it('tries again after pauses that grow, and at last fails with a reason, while others go on', async () => {
    const [poison, fine] = [
      aNewJob({ key: 'poison', payload: { key: 'poison' } }),
      aNewJob({ payload: { key: 'fine' } }),
    ];
    await addJobs(stores(), poison, fine);
    const one = worker((key) => {
      if (key === 'poison') throw new Error('SELECT secret FROM nowhere');
    });
    const pauses: number[] = [];
    for (let due = at(0); ; ) {
      one.now = due;
      await one.run();
      const job = await jobOf(stores(), poison.id);
      if (job.status !== 'queued') break;
      pauses.push((job.dueAt.getTime() - due.getTime()) / 1_000);
      one.now = new Date(job.dueAt.getTime() - 1);
      await one.run();
      due = job.dueAt;
    }
    expect(pauses).to.deep.equal([2, 8, 32, 128, 512]);
    expect(await jobOf(stores(), poison.id)).to.deep.include({
      status: 'failed',
      attempts: 6,
      error: "It failed for a reason that the server's log tells.",
      finishedAt: one.now,
    });
    expect((await jobOf(stores(), fine.id)).status).to.equal('done');
    expect(one.outcomes.filter((outcome) => outcome === 'retried')).to.have.length(5);
    expect(one.ended.at(-1)?.cause).to.be.an('error').with.property('message', 'SELECT secret FROM nowhere');
  });

  it('shows the words of a refusal, and forgets failures once a step is done', async () => {
    const asked = aNewJob({ payload: { key: 'k' } });
    await addJobs(stores(), asked);
    let failures = 4;
    const one = worker((_, done) => {
      if (done === 1 && failures-- > 0) throw gameErrors.gameNotFound();
    });
    await one.run();
    expect(await jobOf(stores(), asked.id)).to.deep.include({
      status: 'queued',
      error: 'There is no such game.',
      checkpoint: { done: 1 },
      attempts: 1,
    });
    for (let minutes = 20; minutes <= 100; minutes += 20) {
      one.now = at(minutes * 60);
      await one.run();
    }
    expect(await jobOf(stores(), asked.id)).to.deep.include({ status: 'done', attempts: 1, error: null });
    expect(sorted(await tracesIn(stores()))).to.deep.equal([
      ['k/1', 1],
      ['k/2', 1],
      ['k/3', 1],
    ]);
  });

  it('counts no attempt where the store is away, and loses nothing of a step whose outcome is not known', async () => {
    const asked = aNewJob({ payload: { key: 'k' } });
    await addJobs(stores(), asked);
    const { unitOfWork } = stores();
    let units = 0;
    const doubtful: typeof unitOfWork = {
      async run(work) {
        const result = await unitOfWork.run(work);
        units += 1;
        if (units === 1) throw storeErrors.outcomeUnknown();
        return result;
      },
    };
    const one = new Worker({ ...stores(), unitOfWork: doubtful }, { count: counting() });
    await one.run();
    expect(one.outcomes).to.deep.equal(['postponed']);
    expect(await jobOf(stores(), asked.id)).to.deep.include({ status: 'queued', attempts: 0, checkpoint: { done: 1 } });
    one.now = at(60);
    await one.run();
    expect(sorted(await tracesIn(stores()))).to.deep.equal([
      ['k/1', 1],
      ['k/2', 1],
      ['k/3', 1],
    ]);
  });

  it('tries a job that is essential until it succeeds', async () => {
    const asked = aNewJob({ payload: { key: 'k' } });
    await addJobs(stores(), asked);
    let failures = 9;
    const handler = counting(() => {
      if (failures-- > 0) throw new Error('broken');
    });
    const one = new Worker(stores(), { count: { ...handler, isEssential: true } });
    for (let hours = 0; hours < 10; hours += 1) {
      one.now = at(hours * 3_600);
      await one.run();
    }
    expect(one.outcomes).to.deep.equal([...Array.from({ length: 9 }, () => 'retried'), 'done']);
  });

  it('ends a job that broke off each time it was begun', async () => {
    const asked = aNewJob({ payload: { key: 'k' } });
    await addJobs(stores(), asked);
    for (let n = 0; n < 6; n += 1) await stores().jobQueue.claim(['count'], at(n), at(n + 1));
    const one = worker();
    one.now = at(7);
    await one.run();
    expect(one.outcomes).to.deep.equal(['failed']);
    expect((await jobOf(stores(), asked.id)).error).to.contain('6 times');
    expect(await tracesIn(stores())).to.deep.equal(new Map());
  });

  it('ends a job that is canceled before its next step, and goes on there when it is tried again', async () => {
    const asked = aNewJob({ payload: { key: 'k' } });
    await addJobs(stores(), asked);
    const one = worker(async (_, done) => {
      if (done !== 1) return;
      await stores().unitOfWork.run(async ({ jobs }) => {
        const job = await jobs.find(asked.id);
        if (job !== undefined && job.token === 1) await jobs.save(withCancelRequest(job, at(0)));
      });
    });
    await one.run();
    expect(one.outcomes).to.deep.equal(['canceled']);
    const canceled = await jobOf(stores(), asked.id);
    expect(canceled).to.deep.include({ status: 'canceled', checkpoint: { done: 2 }, finishedAt: at(0) });
    await stores().unitOfWork.run(({ jobs }) => jobs.save(retried(canceled, at(0))));
    await one.run();
    expect(await jobOf(stores(), asked.id)).to.deep.include({ status: 'done', cancelRequested: false });
    expect(sorted(await tracesIn(stores()))).to.deep.equal([
      ['k/1', 1],
      ['k/2', 1],
      ['k/3', 1],
    ]);
  });

  it('ends a job that was canceled while a killed worker held it, without another step', async () => {
    const asked = aNewJob({ payload: { key: 'k' } });
    await addJobs(stores(), asked);
    const running = await stores().jobQueue.claim(['count'], at(0), at(10));
    if (running === undefined) throw new Error('Nothing was claimed.');
    await stores().unitOfWork.run(({ jobs }) => jobs.save(withCancelRequest(running, at(0))));
    const one = worker();
    one.now = at(10);
    await one.run();
    expect(one.outcomes).to.deep.equal(['canceled']);
    expect(await tracesIn(stores())).to.deep.equal(new Map());
  });

  it('says what the stores failed with when it is next called, and goes on with the call after that', async () => {
    const asked = aNewJob({ payload: { key: 'k' } });
    await addJobs(stores(), asked);
    let isAway = true;
    const { unitOfWork } = stores();
    const away: typeof unitOfWork = {
      run: (work) => (isAway ? Promise.reject(storeErrors.storeUnavailable()) : unitOfWork.run(work)),
    };
    const one = new Worker({ ...stores(), unitOfWork: away }, { count: counting() });
    await one.run();
    expect(await failureOf(one.start())).to.include({ code: 'store_unavailable' });
    isAway = false;
    one.now = at(60);
    await one.run();
    expect(one.outcomes).to.deep.equal(['done']);
    expect(sorted(await tracesIn(stores()))).to.have.length(STEPS);
  });
});
