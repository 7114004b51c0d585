/**
 * A process of its own that runs jobs on a database that others may use too, until it is killed. Each step leaves a
 * trace that can be counted, and takes its time on both sides of its commit. It tells when it has done the first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import { HeldJobs } from '#application/jobs/held-jobs.ts';
import type { JobHandler } from '#application/jobs/ports.ts';
import { RunJobs } from '#application/jobs/run-jobs.ts';
import type { Repos } from '#application/repos.ts';
import { leaveTrace, nextCount } from '../builders/jobs.ts';

/** The longest that a step is prepared, in milliseconds. */
const STEP_MS = 4;
const LOCK_WAIT_MS = 10_000;

const [url = '', steps = '1'] = process.argv.slice(2);
const database = url.startsWith('postgres')
  ? await PostgresDatabase.open({ url })
  : await SqliteDatabase.open({ file: url.replace('sqlite:', ''), synchronous: 'normal', lockWaitMs: LOCK_WAIT_MS });
const { unitOfWork, jobQueue } = database.stores();

const begun = new Set<unknown>();

const count: JobHandler<Repos> = {
  isEssential: false,
  async step({ payload, checkpoint }) {
    if (begun.has(payload.key)) process.send?.('a step is done');
    begun.add(payload.key);
    await sleep(Math.random() * STEP_MS);
    return async (repos) => {
      const step = nextCount(checkpoint, Number(steps));
      await leaveTrace(repos, `${payload.key}/${step.progress.done}`);
      return step;
    };
  },
};
const clock = { now: () => new Date() };
const held = new HeldJobs({ queue: jobQueue, clock });
const jobs = new RunJobs({
  unitOfWork,
  held,
  handlers: { count },
  log: { ended: () => {} },
  clock,
  random: Math.random,
});
setInterval(() => held.renew().catch(() => {}), 1_000);
for (;;) {
  await jobs.start(new AbortController().signal);
  await sleep(50);
}
