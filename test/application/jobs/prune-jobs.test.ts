/** Jobs that ended more than 30 days ago go, however many they are. */
import { expect } from 'chai';
import { PruneJobs } from '#application/jobs/prune-jobs.ts';
import { queuedJob } from '#domain/jobs/job.ts';
import { Administration } from '../../support/builders/administering.ts';
import { aNewJob } from '../../support/builders/jobs.ts';

const DAY_MS = 24 * 60 * 60_000;
const NOW = new Date('2027-03-01T12:00:00Z');
const ago = (days: number) => new Date(NOW.getTime() - days * DAY_MS);

describe('PruneJobs', () => {
  let administration: Administration;
  beforeEach(async () => {
    administration = await Administration.open();
    await administration.unitOfWork.run(async ({ jobs }) => {
      for (let n = 0; n < 1_002; n += 1) {
        const job = aNewJob({ createdAt: ago(40) });
        await jobs.add(job);
        const finishedAt = n === 0 ? ago(29) : ago(30);
        if (n > 1) await jobs.save({ ...queuedJob(job), status: 'done', finishedAt });
        if (n === 0) await jobs.save({ ...queuedJob(job), status: 'failed', finishedAt });
      }
    });
  });
  afterEach(() => administration.close());

  const left = async () =>
    administration.unitOfWork.run(async ({ jobs }) => (await jobs.list({ requestedBy: null, limit: 2_000 })).items);
  const use = (unitOfWork = administration.unitOfWork) => new PruneJobs({ unitOfWork, clock: { now: () => NOW } });

  it('removes those, in more pages than one, and neither later ones nor one that still waits', async () => {
    await use().execute(new AbortController().signal);
    expect((await left()).map(({ status }) => status)).to.have.members(['failed', 'queued']);
  });

  it('stops after the page under way when the server closes', async () => {
    const closing = new AbortController();
    const unitOfWork: typeof administration.unitOfWork = {
      run: async (work) => {
        closing.abort();
        return administration.unitOfWork.run(work);
      },
    };
    await use(unitOfWork).execute(closing.signal);
    expect(await left()).to.have.length(502);
  });
});
